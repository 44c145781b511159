"""The machines that SageMaker rents out: what they hold, how fast they are, what they cost.

Prices are lists, not quotes: on-demand in us-east-1, without spot or savings plans. They were
gathered from public tables of the list of PRICES_DATE and not fetched from AWS, so look at
https://aws.amazon.com/sagemaker-ai/pricing/ before a large bill; `compute.job.price_usd_per_hour`
and `deployment.price_usd_per_hour` override them.
"""

from dataclasses import dataclass

from radimpress.config.deployment import Deployment
from radimpress.config.job import Job
from radimpress.runtime.errors import RadimpressError, next_step

PRICES_DATE = "2026-09-27"
PRICES_REGION = "us-east-1"

P3_RETIRED = (
    "AWS asked to leave P3 by 20 December 2025; ml.p5.4xlarge, ml.g6e.48xlarge or "
    "ml.p4d.24xlarge train the same in bf16"
)


@dataclass(frozen=True, slots=True)
class Gpu:
    """One accelerator: dense peaks of its maker's data sheet, in TFLOP/s.

    `memory_gib` is what torch can address (the name's "16 GB" less what driver and ECC keep);
    `gb_per_s` how fast it reads that; `link_gb_per_s` how fast one GPU takes part in a collective
    inside its machine, an order of magnitude from public runs of nccl-tests.
    """

    name: str
    memory_gib: float
    fp32_tflops: float
    bf16_tflops: float | None  # None: bf16 is not in hardware
    gb_per_s: float
    link_gb_per_s: float


V100 = Gpu("V100", 15.8, 15.7, None, 900, 100)
A10G = Gpu("A10G", 22.1, 35.0, 70.0, 600, 6)
L4 = Gpu("L4", 22.0, 30.3, 121.0, 300, 6)
L40S = Gpu("L40S", 44.4, 91.6, 362.0, 864, 12)
A100_40 = Gpu("A100 40GB", 39.4, 19.5, 312.0, 1555, 220)
A100_80 = Gpu("A100 80GB", 79.2, 19.5, 312.0, 2039, 220)
H100 = Gpu("H100", 79.1, 66.9, 989.4, 3350, 350)

CPU_FLOPS_A_CYCLE = 64  # of a core with two AVX-512 units: 2 x 16 fp32 lanes x multiply and add
THREADS_A_CORE = 2  # AWS's vCPUs are threads


@dataclass(frozen=True, slots=True)
class Instance:
    """One type of machine. Memory in GiB, price in US dollars an hour, peaks in TFLOP/s."""

    name: str
    gpus: int
    accelerator: Gpu | None
    cpus: int  # vCPUs
    memory_gib: float
    usd_per_hour: float
    ghz: float = 3.1  # all cores busy; used where there is no GPU
    network_gbit: float = 10.0  # between machines
    retired: str | None = None  # why it should not be used any more
    torch: str = "2.10.0"  # of AWS's pytorch-training image that runs on it
    python: str = "py313"

    @property
    def gpu(self) -> str:
        """The accelerator's name; "" where there is none."""
        return self.accelerator.name if self.accelerator else ""

    @property
    def gpu_memory_gib(self) -> float:
        """Of one GPU; 0 where there is none."""
        return self.accelerator.memory_gib if self.accelerator else 0.0

    @property
    def bf16(self) -> bool:
        """Whether training runs in bf16: not on V100, and on CPUs fp32 is the default."""
        return self.accelerator is not None and self.accelerator.bf16_tflops is not None

    @property
    def has_amx(self) -> bool:
        """Whether its CPU multiplies bf16 in hardware: Intel's fourth generation, "7i" in names."""
        return self.name.split(".")[1].endswith("7i")

    @property
    def peak_tflops(self) -> float:
        """Of one GPU in the format that it trains in; of all cores where there is none."""
        return self.peak(self.bf16)

    def peak(self, bf16: bool) -> float:
        """Of one GPU in bf16 or fp32; of all cores, in fp32, where there is none."""
        if self.accelerator is None:
            return self.cpus / THREADS_A_CORE * self.ghz * CPU_FLOPS_A_CYCLE / 1000
        return (self.accelerator.bf16_tflops if bf16 else None) or self.accelerator.fp32_tflops


def _gpu(
    name: str, gpus: int, gpu: Gpu, cpus: int, memory: float, usd: float, network: float = 10.0
) -> Instance:
    return Instance(name, gpus, gpu, cpus, memory, usd, network_gbit=network)


def _cpu(name: str, cpus: int, memory: float, usd: float, ghz: float) -> Instance:
    return Instance(name, 0, None, cpus, memory, usd, ghz)


def _p3(name: str, gpus: int, cpus: int, memory: float, usd: float) -> Instance:
    """V100: CUDA 12.8 and later builds of torch left it out, so its image is an old one.

    P3 is missing in the list of PRICES_DATE; its prices are the last ones known, of 2024.
    """
    return Instance(
        name,
        gpus,
        V100,
        cpus,
        memory,
        usd,
        network_gbit=25,
        retired=P3_RETIRED,
        torch="2.6.0",
        python="py312",
    )


INSTANCES = {
    one.name: one
    for one in (
        _p3("ml.p3.2xlarge", 1, 8, 61, 3.825),
        _p3("ml.p3.8xlarge", 4, 32, 244, 14.688),
        _p3("ml.p3.16xlarge", 8, 64, 488, 28.152),
        _gpu("ml.g5.xlarge", 1, A10G, 4, 16, 1.41),
        _gpu("ml.g5.2xlarge", 1, A10G, 8, 32, 1.52),
        _gpu("ml.g5.12xlarge", 4, A10G, 48, 192, 7.09, 40),
        _gpu("ml.g5.48xlarge", 8, A10G, 192, 768, 20.36, 100),
        _gpu("ml.g6.xlarge", 1, L4, 4, 16, 1.127),
        _gpu("ml.g6.12xlarge", 4, L4, 48, 192, 5.752, 40),
        _gpu("ml.g6.48xlarge", 8, L4, 192, 768, 16.688, 100),
        _gpu("ml.g6e.xlarge", 1, L40S, 4, 32, 2.61),
        _gpu("ml.g6e.2xlarge", 1, L40S, 8, 64, 2.80),
        _gpu("ml.g6e.12xlarge", 4, L40S, 48, 384, 13.12, 100),
        _gpu("ml.g6e.48xlarge", 8, L40S, 192, 1536, 37.66, 400),
        _gpu("ml.p4d.24xlarge", 8, A100_40, 96, 1152, 25.251, 400),
        _gpu("ml.p4de.24xlarge", 8, A100_80, 96, 1152, 31.564, 400),
        _gpu("ml.p5.4xlarge", 1, H100, 16, 256, 7.912, 100),
        _gpu("ml.p5.48xlarge", 8, H100, 192, 2048, 63.296, 3200),
        _cpu("ml.m5.large", 2, 8, 0.115, 3.1),
        _cpu("ml.m5.xlarge", 4, 16, 0.23, 3.1),
        _cpu("ml.m5.2xlarge", 8, 32, 0.461, 3.1),
        _cpu("ml.m5.4xlarge", 16, 64, 0.922, 3.1),
        _cpu("ml.c5.xlarge", 4, 8, 0.204, 3.4),
        _cpu("ml.c5.2xlarge", 8, 16, 0.408, 3.4),
        _cpu("ml.m7i.large", 2, 8, 0.121, 3.2),
        _cpu("ml.m7i.xlarge", 4, 16, 0.242, 3.2),
        _cpu("ml.m7i.2xlarge", 8, 32, 0.484, 3.2),
        _cpu("ml.c7i.large", 2, 4, 0.107, 3.2),
        _cpu("ml.c7i.xlarge", 4, 8, 0.214, 3.2),
        _cpu("ml.c7i.2xlarge", 8, 16, 0.428, 3.2),
        _cpu("ml.c7i.4xlarge", 16, 32, 0.857, 3.2),
    )
}


def instance(name: str) -> Instance:
    """The machine called `name`. Raises RadimpressError for one that is not in the table."""
    if name not in INSTANCES:
        raise _unknown(name)
    return INSTANCES[name]


def price(choice: Job | Deployment) -> float:
    """Dollars an hour of one instance: the configured price, else the table's.

    Raises RadimpressError for an instance type without either.
    """
    if choice.price_usd_per_hour is not None:
        return choice.price_usd_per_hour
    return instance(choice.instance_type).usd_per_hour


def _unknown(name: str) -> RadimpressError:
    family = name.split(".")[1] if name.count(".") == 2 else ""
    close = [known for known in INSTANCES if known.split(".")[1] == family]
    return next_step(
        f"no price or size is known here for the instance type {name!r}",
        f"choose one of {', '.join(close or INSTANCES)}, or give its price: "
        "compute.job.price_usd_per_hour (deployment.price_usd_per_hour for an endpoint)",
    )
