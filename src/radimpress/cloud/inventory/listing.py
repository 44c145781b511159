"""Everything of this project in the account, and what could not be seen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from radimpress.cloud.inventory import dashboards, sagemaker
from radimpress.cloud.inventory.bucket import Bucket
from radimpress.cloud.inventory.resource import Kind, Look, Prices, Resource, Section, in_parallel
from radimpress.cloud.inventory.watching import Alarms, Logs, Scaling
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.config.deployment import Deployment
from radimpress.config.job import Job
from radimpress.runtime.errors import RadimpressError

SECTIONS: tuple[Section, ...] = (
    *sagemaker.SECTIONS,
    Scaling(),
    Alarms(),
    *dashboards.SECTIONS,
    Logs(),
    Bucket(),
)
ORDER = list(Kind)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is ours, in the order of Kind; `unseen` says why a part could not be looked at."""

    resources: tuple[Resource, ...]
    unseen: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[Resource, ...]:
        """Without the records of ended jobs and without data."""
        return tuple(each for each in self.resources if not each.is_over and not each.is_data)

    @property
    def usd_per_hour(self) -> float:
        """Of all whose price is known."""
        return sum(each.usd_per_hour or 0.0 for each in self.resources)

    @property
    def unpriced(self) -> list[str]:
        """The names of those whose price is not known."""
        return [each.name for each in self.resources if each.usd_per_hour is None]


def take_stock(
    session: Session, prices: Prices | None = None, sections: Sequence[Section] = SECTIONS
) -> Inventory:
    """Look at every part of the account; one that refuses does not hide the others."""
    prices, unseen = prices or Prices(), list[str]()
    for service in ("sagemaker", "cloudwatch", "logs", "s3", "quicksight", "glue"):
        session.client(service)  # made here, once: the threads below share them
    endpoints = _found(session, sections[0], Look(prices), unseen)
    look = Look(prices, frozenset(each.name for each in endpoints))
    others = in_parallel(lambda each: _found(session, each, look, unseen), sections[1:])
    every = [*endpoints, *(resource for found in others for resource in found)]
    every.sort(key=lambda each: (ORDER.index(each.kind), each.name))
    return Inventory(tuple(every), tuple(sorted(unseen)))


def sparing(prefixes: Sequence[str]) -> tuple[Section, ...]:
    """Every part of the account, without what lies below `prefixes` in the bucket."""
    spared = Bucket(tuple(prefixes))
    return tuple(spared if each.kind is Kind.objects else each for each in SECTIONS)


def resources(session: Session, prices: Prices | None = None) -> list[Resource]:
    """Everything of this project. Raises RadimpressError where a part could not be looked at."""
    found = take_stock(session, prices)
    if found.unseen:
        raise RadimpressError("; ".join(found.unseen))
    return list(found.resources)


def own_prices(choices: Iterable[Job | Deployment]) -> Prices:
    """The prices that the configuration itself gives."""
    own = {c.instance_type: c.price_usd_per_hour for c in choices}
    return Prices({name: usd for name, usd in own.items() if usd is not None})


def _found(session: Session, section: Section, look: Look, unseen: list[str]) -> list[Resource]:
    try:
        with spoken(f"list each {section.kind.value}"):
            return list(section.find(session, look))
    except RadimpressError as error:
        unseen.append(str(error))
        return []
