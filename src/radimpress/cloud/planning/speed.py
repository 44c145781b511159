"""How long a training step takes on rented machines: what bounds it, and what is assumed.

A step is as slow as the slowest of three things that overlap: arithmetic, the launching of kernels
(small batches keep a GPU waiting for Python) and the traffic of weights between GPUs. The numbers
in capitals are assumptions, not measurements on AWS; docs/cost-and-plan.md says where each comes
from and how near a measured run they were.
"""

from dataclasses import dataclass

from radimpress.cloud.instances import THREADS_A_CORE, Instance
from radimpress.config.schema import Adapter, Compute, Config, Strategy
from radimpress.modeling.memory import BF16, FP32, Shape, lora_parameters, parameters

# Share of the peak that matrix products of these sizes reach while they run.
UTILISATION = {
    "V100": 0.60,
    "A10G": 0.45,
    "L4": 0.35,
    "L40S": 0.40,
    "A100 40GB": 0.45,
    "A100 80GB": 0.45,
    "H100": 0.40,
}
CPU_UTILISATION = 0.30
REAL_TOKENS = {
    "packed": 0.97,
    "grouped by length": 0.67,
    "padded": 0.42,
}  # share that is no padding
BLOCK_S = 0.8e-3  # launching one T5 block's kernels, forward and backward
FORWARD_SHARE = 1 / 3  # of BLOCK_S
OPTIMIZER_BYTES = 28  # a trained weight: AdamW reads four numbers of it and writes three
CPU_GB_PER_S = 20.0


@dataclass(frozen=True, slots=True)
class StepTime:
    """Seconds of one optimizer step."""

    arithmetic: float
    launches: float
    traffic: float
    optimizer: float

    @property
    def seconds(self) -> float:
        """The slowest of what overlaps, and the optimizer after it."""
        return max(self.arithmetic, self.launches, self.traffic) + self.optimizer

    @property
    def bound(self) -> str:
        """What a step waits for."""
        slowest = max(self.arithmetic, self.launches, self.traffic)
        if slowest == self.arithmetic:
            return "arithmetic"
        return "kernel launches" if slowest == self.launches else "weights on the wire"


def utilisation(instance: Instance) -> float:
    """The share of its peak that `instance` is assumed to reach in matrix products."""
    return UTILISATION[instance.gpu] if instance.gpu else CPU_UTILISATION


def real_tokens(config: Config) -> tuple[str, float]:
    """How batches are made up, and which share of their tokens is no padding."""
    how = "grouped by length" if config.training.group_by_length else "padded"
    how = "packed" if config.compute.packing else how
    return how, REAL_TOKENS[how]


def process_tflops(instance: Instance, compute: Compute, bf16: bool) -> float:
    """The peak of one process: of its GPU, or of the cores that its threads can have."""
    if instance.gpus:
        return instance.peak(bf16)
    each = compute.processes // compute.nodes
    cores = instance.cpus / THREADS_A_CORE
    return instance.peak(bf16) * min(1.0, compute.threads * each / cores) / each


def step_time(
    shape: Shape, config: Config, instance: Instance, bf16: bool, flops: float, micro_steps: int
) -> StepTime:
    """The time of a step of `flops` operations over all processes, padding included."""
    compute = config.compute
    reach = process_tflops(instance, compute, bf16) * 1e12 * utilisation(instance)
    blocks = shape.num_layers + shape.num_decoder_layers
    again = 1 + (FORWARD_SHARE if compute.gradient_checkpointing else 0)
    trained = trained_parameters(shape, config)
    shards = compute.processes if compute.strategy is Strategy.fsdp else 1
    accelerator = instance.accelerator
    memory_speed = accelerator.gb_per_s if accelerator else CPU_GB_PER_S
    return StepTime(
        arithmetic=flops / compute.processes / reach,
        launches=micro_steps * blocks * BLOCK_S * again if accelerator else 0.0,
        traffic=_traffic(shape, config, bf16, micro_steps) / _wire(instance, compute),
        optimizer=OPTIMIZER_BYTES * trained / shards / (memory_speed * 1e9),
    )


def trained_parameters(shape: Shape, config: Config) -> int:
    """The weights that gradients and moments are kept for."""
    model = config.model
    if model.adapter is Adapter.lora:
        return lora_parameters(shape, model.lora.rank, model.lora.targets)
    return parameters(shape)


def _traffic(shape: Shape, config: Config, bf16: bool, micro_steps: int) -> float:
    """Bytes that each process sends in a step.

    FSDP gathers the weights twice a micro-step and scatters the gradients once; DDP reduces fp32
    gradients once a step, which sends them twice (Rajbhandari et al. 2020, ZeRO, section 7).
    """
    compute = config.compute
    if compute.processes == 1 or compute.strategy is Strategy.single:
        return 0.0
    others = (compute.processes - 1) / compute.processes
    trained = trained_parameters(shape, config)
    if compute.strategy is Strategy.ddp:
        return 2 * FP32 * trained * others
    size = BF16 if bf16 else FP32
    return micro_steps * size * (2 * parameters(shape) + trained) * others


def _wire(instance: Instance, compute: Compute) -> float:
    """Bytes a second of a collective: as slow as its slowest link."""
    inside = instance.accelerator.link_gb_per_s if instance.accelerator else CPU_GB_PER_S
    between = instance.network_gbit / 8
    return 1e9 * (min(inside, between) if compute.nodes > 1 else inside)
