"""What a training needs before it is paid for: steps, operations, memory, hours, dollars.

Nothing is asked of AWS. docs/cost-and-plan.md gives every formula with its source and how far the
numbers were off in a measured run.
"""

import math
from dataclasses import replace
from pathlib import Path

from radimpress.cloud.endpoints.cost import deployment_cost
from radimpress.cloud.instances import INSTANCES, Instance, price
from radimpress.cloud.planning.data_size import DataSize, data_size
from radimpress.cloud.planning.record import GIB, Hours, Plan
from radimpress.cloud.planning.refusals import problems
from radimpress.cloud.planning.speed import StepTime, real_tokens, step_time, trained_parameters
from radimpress.config.deployment import DeploymentTarget, EndpointMode
from radimpress.config.job import Place
from radimpress.config.schema import Adapter, Config, Origin, Precision
from radimpress.modeling.flops import forward_flops, recomputed_flops, training_flops
from radimpress.modeling.memory import (
    FLAN,
    FP32,
    Shape,
    parameters,
    shape_of,
    training_memory,
)
from radimpress.modeling.steps import micro_batches, total_steps
from radimpress.modeling.width import gains_on_cpu
from radimpress.runtime.errors import RadimpressError, next_step

CONTEXT_GIB = 1.0  # of CUDA and NCCL on each GPU; of Python and torch in each CPU process
USABLE = 0.95  # of what is left; the rest is lost to fragmentation
START_S = {"gpu": 420.0, "cpu": 240.0}  # billed: image, packages, start and end of a job
DISK_BYTES_PER_S = 0.5e9  # checkpoints, and weights to and from S3


def plan(config: Config, data: DataSize | None = None) -> Plan:
    """Plan the training that `config` asks for; `data` defaults to what `data_size` finds.

    Raises RadimpressError for a model of unknown size.
    """
    data = data or data_size(config)
    shape = model_shape(config)
    compute, training = config.compute, config.training
    instance = None if compute.place is Place.local else INSTANCES.get(compute.job.instance_type)
    bf16 = _trains_in_bf16(config, instance, shape.d_model)
    steps = total_steps(data.train, training)
    pairs = min(steps * training.batch_size, math.ceil(steps / _a_epoch(data, config) * data.train))
    forward = forward_flops(shape, data.lengths) * pairs
    flops = training_flops(forward, frozen=config.model.adapter is Adapter.lora)
    how, share = real_tokens(config)
    again = recomputed_flops(forward) if compute.gradient_checkpointing else 0.0
    processed = (flops + again) / share
    memory = training_memory(shape, config, bf16, data.longest_source, data.longest_target)
    step = hours = None
    if instance is not None:
        micro_steps = micro_batches(training, compute, _fill(data))
        step = step_time(shape, config, instance, bf16, processed / steps, micro_steps)
        hours = _hours(shape, config, data, instance, step, steps)
    made = Plan(
        model=config.model.name,
        compute=compute.name,
        machine="this machine" if compute.place is Place.local else compute.job.instance_type,
        instance=instance,
        nodes=compute.nodes,
        processes=compute.processes,
        precision="bf16" if bf16 else "fp32",
        data=data,
        batches=how,
        parameters=parameters(shape),
        trained=trained_parameters(shape, config),
        steps=steps,
        epochs=steps / _a_epoch(data, config),
        tokens=pairs * data.tokens_a_pair,
        flops=flops,
        processed_flops=processed,
        memory=memory,
        available=_available(config, instance),
        host_gib=_host_gib(shape, config),
        step=step,
        hours=hours,
        usd_per_hour=price_of(config),
        storage_gb=2 * FP32 * parameters(shape) / 1e9,  # the model, and its package for serving
        endpoint=_endpoint(config, shape),
        problems=(),
    )
    return replace(made, problems=tuple(problems(made, config)))


def model_shape(config: Config) -> Shape:
    """The sizes of the configured model, without its weights where they are known."""
    model = config.model
    if model.origin is Origin.tiny:
        t = model.tiny
        return Shape(
            t.vocabulary, t.d_model, t.d_model // t.heads, t.d_ff, t.layers, t.layers, t.heads,
            gated=True, tied=True,
        )  # fmt: skip
    if model.path and Path(model.path).is_dir():
        return shape_of(Path(model.path))
    if model.name in FLAN:
        return FLAN[model.name]
    raise next_step(
        f"the size of model {model.name!r} is not known here",
        f"set model.path to its checkpoint, or choose one of {', '.join(FLAN)}",
    )


def _a_epoch(data: DataSize, config: Config) -> int:
    return max(1, math.ceil(data.train / config.training.batch_size))


def _fill(data: DataSize) -> float:
    """How full pairs are of what the longest takes, on the fuller of the two sides."""
    lengths = data.lengths
    return max(lengths.source / data.longest_source, lengths.target / data.longest_target)


def computes_in_bf16(config: Config, instance: Instance | None) -> bool:
    """As configured; left to itself, where the machine multiplies bf16 in hardware."""
    wish = config.compute.precision
    if wish is Precision.auto:
        return instance is not None and instance.bf16
    return wish is Precision.bf16


def _trains_in_bf16(config: Config, instance: Instance | None, width: int) -> bool:
    """The rule of radimpress.modeling.precision, for a machine that is not this one."""
    if config.compute.precision is Precision.auto and instance is not None and not instance.gpus:
        return gains_on_cpu(width) and instance.has_amx
    return computes_in_bf16(config, instance)


def _hours(
    shape: Shape,
    config: Config,
    data: DataSize,
    instance: Instance,
    step: StepTime,
    steps: int,
) -> Hours:
    """Steps as `step` says; a validation is a third of a training pass over its pairs.

    A checkpoint holds weights and two moments; a sharded one is written by all machines at once.
    """
    evaluations = min(config.training.evaluations, steps)
    pair_s = step.seconds / config.training.batch_size
    validation = evaluations * data.validation * pair_s / 3
    trained = trained_parameters(shape, config)
    checkpoint = evaluations * 3 * FP32 * trained / DISK_BYTES_PER_S / config.compute.nodes
    transfer = 2 * FP32 * parameters(shape) / DISK_BYTES_PER_S
    start = START_S["gpu" if instance.gpus else "cpu"] + transfer
    parts = (start, steps * step.seconds, validation, checkpoint)
    return Hours(*(seconds / 3600 for seconds in parts))


def _available(config: Config, instance: Instance | None) -> float | None:
    """Bytes that a training step may take on one GPU, or of the machine without GPUs."""
    if instance is None:
        return None
    if instance.gpus:
        gib = instance.gpu_memory_gib
    else:
        gib = instance.memory_gib / (config.compute.processes // config.compute.nodes)
    return (gib - CONTEXT_GIB) * USABLE * GIB


def _host_gib(shape: Shape, config: Config) -> float:
    """Memory of one machine while loading: each process reads all weights, the first one twice."""
    each = config.compute.processes // config.compute.nodes
    return (each * (FP32 * parameters(shape) / GIB + CONTEXT_GIB)) + FP32 * parameters(shape) / GIB


def price_of(config: Config) -> float | None:
    """Dollars an hour of one machine; None where nothing is rented or the price not known."""
    if config.compute.place is Place.local:
        return None
    try:
        return price(config.compute.job)
    except RadimpressError:
        return None


def _endpoint(config: Config, shape: Shape) -> str:
    """What serving it costs a month, and whether the endpoint's machine can hold the model."""
    deployment = config.deployment
    try:
        said = str(deployment_cost(deployment))
    except RadimpressError as error:
        return str(error)
    if deployment.target is DeploymentTarget.none:
        said = f"would be {said}"
    machine = INSTANCES.get(deployment.instance_type)
    memory = deployment.memory_mb / 1024
    if deployment.mode is not EndpointMode.serverless and machine:
        memory = machine.gpu_memory_gib or machine.memory_gib
    need = FP32 * parameters(shape) / GIB + CONTEXT_GIB
    return said if need <= memory else f"{said}; too small: {need:.0f} of {memory:.0f} GiB"
