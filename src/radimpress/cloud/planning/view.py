"""A plan as tables for a person and as JSON for a program."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group
from rich.table import Table

from radimpress.cloud.instances import PRICES_DATE, PRICES_REGION, Instance
from radimpress.cloud.planning.record import GIB, Plan
from radimpress.cloud.planning.speed import utilisation

NONE = "–"


def show(plan: Plan) -> Group:
    """One plan: what is trained, what it takes, what it costs, what speaks against it."""
    table = Table("", "", title=f"{plan.model} on {_machines(plan)}", show_header=False, box=None)
    for name, value in _rows(plan):
        table.add_row(f"[bold]{name}[/]", value)
    parts: list[Any] = [table]
    parts += [f"[red]refused as a job:[/] {problem}" for problem in plan.problems]
    return Group(*parts)


def show_all(plans: Sequence[Plan], refused: dict[str, str]) -> Group:
    """Plans of one training on several machines, the cheapest first; whole names in 80 columns."""
    first = plans[0] if plans else None
    title = (
        f"{first.model}, {first.steps:,} steps, {first.tokens / 1e6:,.1f} M tokens" if first else ""
    )
    table = Table(title=title, box=None, pad_edge=False)
    table.add_column("compute, machines", no_wrap=True)
    for name in ("format", "GiB a GPU", "fits", "hours", "dollars", "waits for"):
        table.add_column(name, min_width=10 if name == "waits for" else None)  # "arithmetic"
    for plan in sorted(plans, key=lambda one: (one.usd is None, one.usd or 0.0)):
        table.add_row(
            f"{plan.compute}\n  {_machines(plan)}",
            plan.precision,
            f"{plan.memory.total / GIB:.1f}" + (_of(plan) if plan.available else ""),
            NONE if plan.fits is None else _fits(plan),
            f"{plan.hours.total:.1f}" if plan.hours else NONE,
            f"{plan.usd:,.2f}" if plan.usd is not None else NONE,
            plan.step.bound if plan.step else NONE,
        )
    notes = list(_notes(plans))
    notes += [f"{name}: {reason}" for name, reason in refused.items()]
    return Group(table, *notes, _prices())


def _notes(plans: Sequence[Plan]) -> Iterator[str]:
    """What speaks against a machine, each thing once; of rented CPUs only which they are.

    Dollars stand in the table. A CPU is too small for a large model in every way at once.
    """
    small: list[str] = []
    said: dict[str, list[str]] = {}
    for plan in plans:
        found = [problem for problem in plan.problems if not problem.startswith("$")]
        if found and plan.instance is not None and not plan.instance.gpus:
            small.append(plan.compute)
            continue
        for problem in found:
            said.setdefault(problem, []).append(plan.compute)
    yield from (f"{', '.join(names)}: {problem}" for problem, names in said.items())
    if small:
        yield f"CPUs that are not up to it: {', '.join(small)}"


def show_machines(machines: Sequence[Instance]) -> Group:
    """The instance table."""
    table = Table(
        *("type", "GPUs", "GiB each", "trains in", "TFLOP/s each", "vCPUs", "GiB", "$ an hour", ""),
        box=None,
    )
    for one in machines:
        table.add_row(
            one.name,
            f"{one.gpus} x {one.gpu}" if one.gpus else NONE,
            f"{one.gpu_memory_gib:g}" if one.gpus else NONE,
            "bf16" if one.bf16 else "fp32",
            f"{one.peak_tflops:.3g}",
            str(one.cpus),
            f"{one.memory_gib:g}",
            f"{one.usd_per_hour:.3f}",
            "retired" if one.retired else "",
        )
    return Group(table, _prices())


def as_dict(plan: Plan) -> dict[str, Any]:
    """Everything in a plan as plain data, what follows from it included."""
    return asdict(plan) | {
        "fits": plan.fits,
        "usd": plan.usd,
        "utilisation": plan.utilisation,
        "bound": plan.step.bound if plan.step else None,
        "memory_total": plan.memory.total,
        "storage_usd_per_month": plan.storage_usd_per_month,
        "prices_date": PRICES_DATE,
    }


def _rows(plan: Plan) -> list[tuple[str, str]]:
    lengths, memory = plan.data.lengths, plan.memory
    share = f" ({plan.trained:,} of them trained)" if plan.trained != plan.parameters else ""
    gib = {
        "weights": memory.weights,
        "gradients": memory.gradients,
        "optimizer": memory.optimizer,
        "activations": memory.activations,
        "copies": memory.copies,
    }
    return [
        ("data", plan.data.basis),
        (
            "pairs",
            f"{plan.data.train:,} to train, {plan.data.validation:,} to validate; "
            f"{lengths.source:.0f} + {lengths.target:.0f} tokens on average",
        ),
        ("weights", f"{plan.parameters:,}{share}, trained in {plan.precision}"),
        ("steps", f"{plan.steps:,} ({plan.epochs:.1f} epochs), {plan.tokens / 1e6:,.1f} M tokens"),
        (
            "operations",
            f"{plan.flops:.2e} of the model, {plan.processed_flops:.2e} with padding "
            f"({plan.batches}) and recomputation",
        ),
        (
            "memory",
            ", ".join(f"{name} {_gib(size)}" for name, size in gib.items())
            + f" = {_gib(memory.total)}{_of(plan)} GiB a process: {_fits(plan)}",
        ),
        *_machine_rows(plan),
        (
            "storage",
            f"{plan.storage_gb:.1f} GB in S3 afterwards, ${plan.storage_usd_per_month:.2f} a month",
        ),
        ("endpoint", plan.endpoint),
    ]


def _machine_rows(plan: Plan) -> list[tuple[str, str]]:
    if plan.instance is None or plan.hours is None or plan.step is None:
        return [("hours", f"not known for {plan.machine}"), ("dollars", _dollars(plan))]
    hours, step = plan.hours, plan.step
    return [
        (
            "a step",
            f"{step.seconds:.3f} s: arithmetic {step.arithmetic:.3f}, kernel launches "
            f"{step.launches:.3f}, weights on the wire {step.traffic:.3f} (overlapping); "
            f"optimizer {step.optimizer:.3f}",
        ),
        (
            "assumed",
            f"{utilisation(plan.instance):.0%} of {plan.instance.peak(plan.precision == 'bf16'):g} "
            f"TFLOP/s a unit; {plan.utilisation or 0:.0%} of the peak in the end, on real tokens",
        ),
        (
            "hours",
            f"{hours.total:.2f} = start and transfer {hours.start:.2f}, steps {hours.steps:.2f}, "
            f"validation {hours.validation:.2f}, checkpoints {hours.checkpoints:.2f}",
        ),
        ("dollars", _dollars(plan)),
        ("prices", _prices()),
    ]


def _dollars(plan: Plan) -> str:
    if plan.usd_per_hour is None:
        return "nothing is rented" if plan.machine == "this machine" else "price not known"
    rate = f"{plan.nodes} x ${plan.usd_per_hour:.3f} an hour"
    return f"${plan.usd:,.2f} ({rate}, on demand)" if plan.usd is not None else rate


def _prices() -> str:
    return (
        f"list of {PRICES_DATE}, {PRICES_REGION}, on demand, gathered and not fetched from AWS; "
        "compute.job.price_usd_per_hour overrides it"
    )


def _machines(plan: Plan) -> str:
    return f"{plan.nodes} x {plan.machine}" if plan.nodes > 1 else plan.machine


def _of(plan: Plan) -> str:
    return f" of {plan.available / GIB:.1f}" if plan.available is not None else ""


def _gib(size: float) -> str:
    gib = size / GIB
    return f"{gib:.1f}" if gib >= 1 or not gib else f"{gib:.2g}"


def _fits(plan: Plan) -> str:
    unknown = "see `radimpress doctor`" if plan.machine == "this machine" else "not known"
    return {True: "fits", False: "does not fit", None: unknown}[plan.fits]
