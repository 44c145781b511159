"""conf/compute on a rented machine: what a job asks for, and what it may cost."""

from dataclasses import dataclass, field
from enum import Enum


class Place(Enum):
    """Who computes."""

    local = "local"  # this machine
    sagemaker = "sagemaker"  # a SageMaker job that runs the same stage program
    jumpstart = "jumpstart"  # SageMaker JumpStart's own fine-tuning, the reference work's way


class ModelReturn(Enum):
    """How a job's model comes back."""

    files = "files"  # downloaded into models/finetuned
    reference = "reference"  # stays in S3; models/finetuned holds its address and checksums


class OnInterrupt(Enum):
    """What Ctrl-C does to a running job."""

    ask = "ask"  # asks on a terminal; leaves it running elsewhere
    leave = "leave"
    stop = "stop"


@dataclass
class Job:
    """A SageMaker job. Unused where `compute.place` is local."""

    stages: list[str] = field(default_factory=lambda: ["train"])  # also: foundation, generate
    instance_type: str = "ml.m5.2xlarge"
    image: str | None = None  # a full URI; null: the one the instance table names
    volume_gb: int | None = None  # null: calculated from model, checkpoints and data
    spot: bool = False  # managed spot; refused without checkpoints
    spot_attempts: int = 10  # jobs started for one training before giving up
    checkpoints: bool = True  # to S3 while it runs
    max_hours: float = 24.0  # the job is stopped after this; a longer plan is refused
    max_cost_usd: float = 5.0  # a dearer plan is refused
    price_usd_per_hour: float | None = None  # of one instance; null: the dated table
    force_retired: bool = False  # run on an instance type that AWS has retired
    returns: ModelReturn = ModelReturn.files
    on_interrupt: OnInterrupt = OnInterrupt.ask
    keep_alive_minutes: int = 0  # warm pool after the job; costs as the job does
    loopback_only: bool = False  # refuse to run against AWS itself: rehearsals cost nothing
    jumpstart_model: str = "huggingface-text2text-flan-t5-xl"
    jumpstart_version: str = "*"
    jumpstart_template: bool = True  # false: the reference's mismatch, trained on bare findings
