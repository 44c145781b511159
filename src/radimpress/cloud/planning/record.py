"""A plan: every number that is shown, checked and compared."""

from dataclasses import dataclass

from radimpress.cloud.instances import Instance
from radimpress.cloud.planning.data_size import DataSize
from radimpress.cloud.planning.speed import StepTime
from radimpress.modeling.memory import Estimate

GIB = 1 << 30
USD_PER_GB_MONTH = 0.023  # S3 Standard, us-east-1, first 50 TB


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one training by what they go into, on every machine at once."""

    start: float
    steps: float
    validation: float
    checkpoints: float

    @property
    def total(self) -> float:
        """From the first billed second to the last."""
        return self.start + self.steps + self.validation + self.checkpoints


@dataclass(frozen=True, slots=True)
class Plan:
    """What one training needs. Hours and dollars are None where the machine is not in the table.

    `flops` are the model's, on real tokens; `processed_flops` add padding and recomputation.
    `fits` is None where no memory is known. `problems` are what speaks against starting.
    """

    model: str
    compute: str
    machine: str
    instance: Instance | None
    nodes: int
    processes: int
    precision: str
    data: DataSize
    batches: str
    parameters: int
    trained: int
    steps: int
    epochs: float
    tokens: float
    flops: float
    processed_flops: float
    memory: Estimate
    available: float | None
    host_gib: float
    step: StepTime | None
    hours: Hours | None
    usd_per_hour: float | None
    storage_gb: float
    endpoint: str
    problems: tuple[str, ...]

    @property
    def fits(self) -> bool | None:
        """Whether a training step fits the memory of one GPU (one process's, without GPUs)."""
        return None if self.available is None else self.memory.total <= self.available

    @property
    def usd(self) -> float | None:
        """Of all machines, from first to last billed second, without spot discount."""
        if self.hours is None or self.usd_per_hour is None:
            return None
        return self.hours.total * self.usd_per_hour * self.nodes

    @property
    def utilisation(self) -> float | None:
        """Model FLOPs utilisation of the steps (PaLM, appendix B): real work over the peak."""
        if self.instance is None or self.hours is None or not self.hours.steps:
            return None
        units = self.processes if self.instance.gpus else self.nodes
        peak = self.instance.peak(self.precision == "bf16") * 1e12 * units
        return self.flops / (self.hours.steps * 3600 * peak)

    @property
    def storage_usd_per_month(self) -> float:
        """S3 Standard, for what is left when the training has ended."""
        return self.storage_gb * USD_PER_GB_MONTH
