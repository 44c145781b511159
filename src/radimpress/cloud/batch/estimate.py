"""What a batch is expected to take, before anything is paid for.

Rough on purpose (a factor of three either way): decoding is bound by memory traffic and by the
length of what is written. The job's time limit, which the cost ceiling sets, holds whatever this
says.
"""

from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from radimpress.cloud.instances import PRICES_DATE, instance, price
from radimpress.config.schema import Config
from radimpress.corpus.report import Report
from radimpress.modeling.flops import Lengths, forward_flops
from radimpress.modeling.memory import shape_of
from radimpress.runtime.errors import next_step

TOKENS_A_WORD = 1.5  # of FLAN-T5's vocabulary on radiology reports
PROMPT_TOKENS = 20
TARGET_TOKENS = 30  # of an impression
CPU_SHARE, GPU_SHARE = 0.35, 0.05  # of the peak, while impressions are decoded
START_H = 0.1  # billed: image, packages, model, end


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hours on every machine at once, and dollars of all of them; `ceiling_hours` ends the job."""

    reports: int
    machines: int
    instance_type: str
    hours: float
    usd: float
    usd_per_hour: float  # of one machine
    ceiling_hours: float

    def __str__(self) -> str:
        return (
            f"{self.reports:,} reports on {self.machines} x {self.instance_type}: about "
            f"{self.hours:.1f} hours and ${self.usd:,.2f} (within a factor of three; list of "
            f"{PRICES_DATE}); stopped after {self.ceiling_hours:.1f} hours, "
            f"${self.ceiling_hours * self.machines * self.usd_per_hour:,.2f}"
        )


def estimate(
    config: Config,
    model: Path,
    reports: int,
    sample: list[Report],
    machines: int,
    spent: float = 0.0,
) -> Estimate:
    """Plan `reports` of the kind of `sample`; `spent` hours of one machine are paid already."""
    job = config.compute.job
    machine, hourly = instance(job.instance_type), price(job)
    words = fmean(len(f"{r.background} {r.findings}".split()) for r in sample) if sample else 0.0
    source = round(words * TOKENS_A_WORD) + PROMPT_TOKENS
    flops = forward_flops(shape_of(model), Lengths.of(source, TARGET_TOKENS)).total
    peak = machine.peak_tflops * 1e12 * max(1, machine.gpus)
    share = GPU_SHARE if machine.gpus else CPU_SHARE
    seconds = reports * flops * config.generation.num_beams / (peak * share * machines)
    hours = START_H + seconds / 3600
    left = max(0.0, job.max_cost_usd - spent * hourly) / (hourly * machines)
    ceiling = min(job.max_hours, left)
    usd = hours * hourly * machines
    return Estimate(reports, machines, machine.name, hours, usd, hourly, ceiling)


def refuse_dear_batch(expected: Estimate, config: Config) -> None:
    """Raise RadimpressError where the job is expected to be stopped before it is done."""
    job = config.compute.job
    if expected.hours > expected.ceiling_hours:
        raise next_step(
            f"the batch is not started: {expected}",
            f"raise compute.job.max_cost_usd ({job.max_cost_usd:g}) or compute.job.max_hours "
            f"({job.max_hours:g}), or take more or faster machines (--machines, "
            "compute.job.instance_type)",
        )
