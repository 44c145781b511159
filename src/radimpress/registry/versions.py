"""Versions of a registered model, by number or alias, as plain data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from radimpress.runtime.errors import next_step
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.store import Store, redacted

if TYPE_CHECKING:
    from mlflow.entities.model_registry import ModelVersion
    from mlflow.exceptions import MlflowException

CHAMPION = "champion"
CHALLENGER = "challenger"
URI = re.compile(r"^models:/(?P<name>[^/@]+)[/@](?P<which>[^/@]+)$")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a registered model, as the registry described it when it was read."""

    name: str
    number: str
    run_id: str  # "" where it was registered without a run
    source: str
    aliases: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    description: str = ""

    @property
    def model_sha256(self) -> str:
        """The sha256 of its model folder as `register` measured it; "" where nobody did."""
        return self.tags.get(f"{PREFIX}model_sha256", "")

    @property
    def uri(self) -> str:
        """`models:/NAME/NUMBER`, which names the same bytes for ever (an alias does not)."""
        return f"models:/{self.name}/{self.number}"


def version(store: Store, name: str, which: str) -> Version:
    """The version that `which` names: an alias, a number, `models:/NAME@ALIAS`, `models:/NAME/7`.

    A `models:/` URI names its own model; else it is `name`. Raises RadimpressError where there is
    no such version.
    """
    if matched := URI.match(which):
        name, which = matched["name"], matched["which"]
    if (found := find(store, name, which)) is not None:
        return found
    what = f"version {which}" if which.isdigit() else f"alias {which!r}"
    raise next_step(
        f"{name} has no {what} in {redacted(store.uri)}",
        _known(store, name),
    )


def champion(store: Store, name: str) -> Version | None:
    """The version that alias `champion` stands at, or None."""
    return find(store, name, CHAMPION)


def find(store: Store, name: str, which: str) -> Version | None:
    """The version with number or alias `which`, or None. A store that fails is no None."""
    from mlflow.exceptions import MlflowException

    client = store.client
    try:
        by_number = which.isdigit()
        found = client.get_model_version(name, which) if by_number else None
        return _plain(found or client.get_model_version_by_alias(name, which))
    except MlflowException as error:
        if is_absent(error):
            return None
        raise


def is_absent(error: "MlflowException") -> bool:
    """Whether the registry says that something does not exist (and not that it failed)."""
    return error.error_code in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")


def _known(store: Store, name: str) -> str:
    found = store.client.search_model_versions(f"name = '{name}'", max_results=200)
    numbers = sorted((int(v.version) for v in found), reverse=True)
    if not numbers:
        return "run `dvc repro` to register a challenger"
    shown = ", ".join(str(number) for number in numbers[:8])
    return f"name one of its versions ({shown}), or run `dvc repro` to register a challenger"


def _plain(found: "ModelVersion") -> Version:
    return Version(
        name=str(found.name),
        number=str(found.version),
        run_id=str(found.run_id or ""),
        source=str(found.source or ""),
        aliases=tuple(sorted(str(alias) for alias in found.aliases or ())),
        tags=dict(found.tags or {}),
        description=str(found.description or ""),
    )
