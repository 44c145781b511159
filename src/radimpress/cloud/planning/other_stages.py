"""What the stages beside training need as jobs: `foundation` and `generate`.

Smaller than a training and planned more coarsely; nothing of it was measured in AWS.
"""

import math
from dataclasses import dataclass, replace

from radimpress.cloud.instances import INSTANCES, Instance
from radimpress.cloud.planning.data_size import DataSize, data_size
from radimpress.cloud.planning.known_corpora import ASSUMED
from radimpress.cloud.planning.planner import (
    CONTEXT_GIB,
    DISK_BYTES_PER_S,
    START_S,
    computes_in_bf16,
    model_shape,
    price_of,
)
from radimpress.cloud.planning.record import GIB
from radimpress.cloud.planning.refusals import retired, too_much, unknown_machine
from radimpress.cloud.planning.speed import (
    BLOCK_S,
    CPU_GB_PER_S,
    FORWARD_SHARE,
    process_tflops,
    utilisation,
)
from radimpress.config.schema import Config, Origin
from radimpress.modeling.flops import Lengths, forward_flops, training_flops
from radimpress.modeling.memory import BF16, FP32, Shape, parameters
from radimpress.runtime.errors import RadimpressError

HUB_BYTES_PER_S = 50e6  # assumed of a download from the hub
WRITERS = ("foundation", "finetuned")  # systems that a model runs for


@dataclass(frozen=True, slots=True)
class Work:
    """What one job computes."""

    what: str
    tokens: float
    flops: float
    gib: float  # on one device: weights, and what training keeps of them
    seconds: float | None  # without the start; None where the machine is not in the table


@dataclass(frozen=True, slots=True)
class StagePlan:
    """What one job of `stage` needs; hours and dollars are None where the machine is not known."""

    stage: str
    machine: str
    nodes: int
    work: Work
    hours: float | None
    usd_per_hour: float | None
    problems: tuple[str, ...] = ()

    @property
    def usd(self) -> float | None:
        """Of all machines, from first to last billed second, without spot discount."""
        if self.hours is None or self.usd_per_hour is None:
            return None
        return self.hours * self.usd_per_hour * self.nodes

    def __str__(self) -> str:
        hours = f"{self.hours:.2f} hours" if self.hours is not None else "hours not known"
        usd = f"${self.usd:,.2f}" if self.usd is not None else "dollars not known"
        return (
            f"{self.stage} on {self.nodes} x {self.machine}: {self.work.what}; "
            f"{self.work.tokens / 1e6:,.1f} M tokens, {self.work.flops:.2e} operations, "
            f"{hours} with the start of the machine, {usd}"
        )


def plan_stage(config: Config, stage: str, data: DataSize | None = None) -> StagePlan:
    """Plan `foundation` or `generate` as a job. Raises RadimpressError for an unknown model."""
    job = config.compute.job
    machine = INSTANCES.get(job.instance_type)
    if stage == "generate":
        work = _generation(config, machine, data or data_size(config))
    elif config.model.origin is Origin.tiny:
        work = _pretraining(config, machine)
    else:
        work = _download(config)
    made = StagePlan(stage, job.instance_type, config.compute.nodes, work, None, price_of(config))
    if machine is None or work.seconds is None:
        return replace(made, problems=tuple(unknown_machine(made.usd_per_hour, config)))
    start = START_S["gpu" if machine.gpus else "cpu"]
    made = replace(made, hours=(start + work.seconds) / 3600)
    available = (machine.gpu_memory_gib or machine.memory_gib) - CONTEXT_GIB
    found = [*retired(machine, job), *too_much(made.hours or 0.0, made.usd, job)]
    if work.gib > available:
        found.append(f"it needs {work.gib:.0f} of {available:.0f} GiB: take a larger machine")
    return replace(made, problems=tuple(found))


def refuse_stage(made: StagePlan) -> None:
    """Raise RadimpressError with everything that speaks against starting `made`."""
    if made.problems:
        raise RadimpressError(
            f"the job is not started ({made.stage} on {made.nodes} x {made.machine}): "
            + "; ".join(made.problems)
        )


def _generation(config: Config, machine: Instance | None, data: DataSize) -> Work:
    """Every test report by every model: the encoder once, the decoder once for each beam.

    A batch goes on until its last report is done, here for all the tokens that are allowed. One
    device works, and reads all weights for each token of a batch.
    """
    shape, generation = model_shape(config), config.generation
    models = [system for system in generation.systems if system in WRITERS]
    source, square = data.lengths.source, data.lengths.source_square
    written = generation.max_new_tokens
    encoder = forward_flops(shape, Lengths(source, 0, square, 0, 0)).total
    whole = Lengths(source, written, square, written * written / 2, source * written)
    decoder = forward_flops(shape, whole).total - encoder
    pairs = data.test * len(models)
    flops = pairs * (encoder + generation.num_beams * decoder)
    weights = FP32 * parameters(shape)
    seconds = None
    if machine is not None:
        bf16, accelerator = computes_in_bf16(config, machine), machine.accelerator
        passes = math.ceil(data.test / generation.batch_size) * len(models) * written
        speed = (accelerator.gb_per_s if accelerator else CPU_GB_PER_S) * 1e9
        seconds = max(
            flops / _reach(config, machine, bf16),
            passes * parameters(shape) * (BF16 if bf16 else FP32) / speed,
            passes * _launches(shape) if accelerator else 0.0,
        )
        seconds += len(models) * weights / DISK_BYTES_PER_S
    what = f"{data.test:,} test reports by {' and '.join(models) or 'no model'}"
    return Work(what, pairs * (source + written), flops, weights / GIB, seconds)


def _pretraining(config: Config, machine: Instance | None) -> Work:
    """The tiny model is trained from nothing on generated reports."""
    tiny, shape, known = config.model.tiny, model_shape(config), ASSUMED["synthetic"]
    source = min(round(known.source[0]), config.model.max_source_tokens)
    target = min(round(known.target[0]), config.model.max_target_tokens)
    pairs = tiny.reports * tiny.epochs
    flops = pairs * training_flops(forward_flops(shape, Lengths.of(source, target)))
    seconds = None
    if machine is not None:
        launches = 3 * _launches(shape) * pairs / tiny.batch_size if machine.accelerator else 0.0
        seconds = max(flops / _reach(config, machine, bf16=False), launches)
    what = f"{config.model.name} pre-trained on {tiny.reports:,} generated reports"
    state = 4 * FP32 * parameters(shape) / GIB  # weights, gradients, two moments
    return Work(what, pairs * (source + target), flops, state, seconds)


def _download(config: Config) -> Work:
    """A checkpoint of the hub or of a folder is only fetched and written down again."""
    size = FP32 * parameters(model_shape(config))
    seconds = size / HUB_BYTES_PER_S + size / DISK_BYTES_PER_S
    what = f"{config.model.name} is fetched ({size / 1e9:.1f} GB), nothing is computed"
    return Work(what, 0.0, 0.0, 0.0, seconds)


def _launches(shape: Shape) -> float:
    """Seconds that a GPU waits for Python in one pass through every block."""
    return (shape.num_layers + shape.num_decoder_layers) * BLOCK_S * FORWARD_SHARE


def _reach(config: Config, machine: Instance, bf16: bool) -> float:
    """Operations a second of one process."""
    return process_tflops(machine, config.compute, bf16) * 1e12 * utilisation(machine)
