"""One thing in the account that belongs to this project, and what it costs while it is there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol, TypeVar

from radimpress.cloud.instances import INSTANCES
from radimpress.cloud.refusals import error_code
from radimpress.cloud.session import Session

HOURS_A_MONTH = 730.0  # 365 days of 24 hours over 12
GONE = (
    *("could not find", "does not exist", "not found", "no scalable target found"),
    "because the training job is in status",  # it has ended already
)
THREADS = 8  # questions to AWS at once

Item = TypeVar("Item")
Made = TypeVar("Made")


class Kind(Enum):
    """What a resource is, in the order in which they are taken down: what costs most first."""

    endpoint = "endpoint"
    pipeline = "pipeline"  # before jobs: while it runs it starts the next one
    training_job = "training job"
    processing_job = "processing job"
    transform_job = "transform job"
    tuning_job = "tuning job"
    endpoint_config = "endpoint config"
    model = "model"
    scaling = "autoscaling"
    alarm = "alarm"
    dashboard = "dashboard"
    data_set = "data set"
    data_source = "data source"
    catalogue = "Glue database"
    log = "log"
    objects = "bucket"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something of this project.

    `usd_per_hour` is of its being there, now; None where the price is not known. `is_over`: a job
    that has ended, of which AWS keeps the record at no cost. `is_data`: deleted only on request.
    """

    kind: Kind
    name: str
    arn: str
    state: str
    usd_per_hour: float | None = 0.0
    created: datetime | None = None
    note: str = ""
    is_over: bool = False
    is_data: bool = False

    @property
    def usd_per_month(self) -> float | None:
        """As `usd_per_hour`, if it stays as it is."""
        return None if self.usd_per_hour is None else self.usd_per_hour * HOURS_A_MONTH


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars an hour by instance type: the dated table, and what the configuration says."""

    own: Mapping[str, float] = field(default_factory=dict)

    def of(self, instance_type: str, instances: int) -> float | None:
        """What so many instances cost; None where the type is in neither."""
        known = INSTANCES.get(instance_type)
        usd = self.own.get(instance_type, known.usd_per_hour if known else None)
        return 0.0 if not instances else None if usd is None else usd * instances


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the account: the prices, and the names of our endpoints, found first."""

    prices: Prices = field(default_factory=Prices)
    endpoints: frozenset[str] = frozenset()


class Section(Protocol):
    """A part of the account: finds what is ours in it, and takes it down."""

    @property
    def kind(self) -> Kind:
        """What it finds."""
        ...

    def find(self, session: Session, look: Look) -> Iterator[Resource]:
        """Everything there with this project's tag. Raises botocore's errors."""
        ...

    def remove(self, session: Session, resource: Resource) -> None:
        """Delete or stop it; what is gone already needs nothing. Raises botocore's errors."""
        ...


def in_parallel(action: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
    """What `action` makes of each item, in order; AWS is asked several things at once."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(action, items))


def is_gone(error: Exception) -> bool:
    """Whether AWS says, in one of its many ways, that something is not there or has ended."""
    code = error_code(error)
    is_vague = code in ("ValidationException", "ValidationError")
    return "NotFound" in code or (is_vague and any(w in str(error).lower() for w in GONE))
