"""What speaks against starting a planned job, said before a cent is spent."""

from collections.abc import Iterator

from radimpress.cloud.instances import Instance
from radimpress.cloud.planning.record import GIB, Plan
from radimpress.config.job import Job, Place
from radimpress.config.schema import Config, Precision
from radimpress.runtime.errors import RadimpressError


def refuse_dear(plan: Plan, config: Config) -> None:
    """Raise RadimpressError with everything that speaks against starting `plan` as a job."""
    if plan.problems and config.compute.place is not Place.local:
        raise RadimpressError(
            f"the job is not started ({plan.model} on {plan.nodes} x {plan.machine}): "
            + "; ".join(plan.problems)
        )


def problems(made: Plan, config: Config) -> Iterator[str]:
    """What speaks against starting `made` as a job, each with the next step; none where local."""
    if config.compute.place is Place.local:
        return
    job, compute, instance = config.compute.job, config.compute, made.instance
    if instance is None:
        yield from unknown_machine(made.usd_per_hour, config)
        return
    yield from retired(instance, job)
    if compute.precision is Precision.bf16 and instance.gpus and not instance.bf16:
        yield f"{instance.gpu} has no bf16: set compute.precision=fp32"
    each = compute.processes // compute.nodes
    if instance.gpus and each != instance.gpus:
        yield (
            f"{compute.processes} processes on {compute.nodes} x {instance.gpus} GPUs: set "
            f"compute.processes={compute.nodes * instance.gpus}"
        )
    if made.fits is False and made.available is not None:
        yield (
            f"a step needs {made.memory.total / GIB:.1f} GiB of the {made.available / GIB:.1f} GiB "
            f"that {_holder(instance)} leaves: lower compute.micro_batch_size, set "
            "compute.gradient_checkpointing=true, shard with compute.strategy=fsdp, or take "
            "model.adapter=lora"
        )
    if instance.gpus and made.host_gib > instance.memory_gib:
        yield (
            f"loading needs {made.host_gib:.0f} GiB of memory, {instance.name} has "
            f"{instance.memory_gib:.0f}: take a larger machine"
        )
    yield from too_much(made.hours.total if made.hours else 0.0, made.usd, job)


def retired(instance: Instance, job: Job) -> Iterator[str]:
    """AWS's notice, unless it is overruled."""
    if instance.retired and not job.force_retired:
        yield f"{instance.name}: {instance.retired} (compute.job.force_retired=true tries anyway)"


def too_much(hours: float, usd: float | None, job: Job) -> Iterator[str]:
    """Longer or dearer than allowed."""
    if hours > job.max_hours:
        yield (
            f"{hours:.1f} hours are expected, compute.job.max_hours={job.max_hours:g} "
            "would stop it: raise that, or take a faster machine or fewer epochs"
        )
    if usd is not None and usd > job.max_cost_usd:
        yield (
            f"${usd:,.2f} are expected, above compute.job.max_cost_usd={job.max_cost_usd:g}: "
            "raise that, or compare machines with `radimpress plan --all`"
        )


def unknown_machine(usd_per_hour: float | None, config: Config) -> Iterator[str]:
    """An instance type outside the table: bounded by the time limit where its price is given."""
    job = config.compute.job
    if usd_per_hour is None:
        yield (
            f"nothing is known here of {job.instance_type}: choose a type that `radimpress plan "
            "--machines` lists, or give compute.job.price_usd_per_hour"
        )
        return
    worst = usd_per_hour * job.max_hours * config.compute.nodes
    if worst > job.max_cost_usd:
        yield (
            f"{job.instance_type} is not in the table, so only compute.job.max_hours="
            f"{job.max_hours:g} bounds its cost, at ${worst:,.2f}, above "
            f"compute.job.max_cost_usd={job.max_cost_usd:g}: lower the hours or raise the ceiling"
        )


def _holder(instance: Instance) -> str:
    return f"one {instance.gpu}" if instance.gpus else f"a process on {instance.name}"
