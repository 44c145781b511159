"""The links of a SageMaker endpoint: its tags, its configuration, its model's bytes, the ledger."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from radimpress.cloud.endpoints.record import EndpointRecord, endpoint_record, fetched_data
from radimpress.cloud.session import Session, open_session
from radimpress.cloud.tags import ACCEPTED, COMMIT, LEDGER, MODEL, VERSION
from radimpress.config.deployment import DeploymentTarget
from radimpress.config.schema import Config
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.lineage.data import SHOWN
from radimpress.registry.lineage.endpoint import Served
from radimpress.registry.lineage.link import Link, broken, holds, unchecked
from radimpress.registry.versions import CHALLENGER, CHAMPION, URI, Version, find
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.serving.package import LINEAGE, MODEL_SHA256, unpack
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.store import Store

SCHEME = "sagemaker:"
ALIKE = (VERSION, MODEL, COMMIT)  # tags that endpoint and configuration share


def endpoint_name(config: Config, store: Store, which: str) -> str:
    """The SageMaker endpoint that `which` names; "" where it names a version.

    `sagemaker:NAME` always does; a bare name where it is the configured endpoint, or no alias.
    """
    if which.startswith(SCHEME):
        return which.removeprefix(SCHEME)
    if not which or which.isdigit() or URI.match(which) or which in (CHAMPION, CHALLENGER):
        return ""
    deployed = config.deployment.target is DeploymentTarget.sagemaker
    if deployed and which == config.deployment.endpoint:
        return which
    return "" if find(store, config.tracking.registered_model, which) else which


def served_by_sagemaker(config: Config, name: str) -> tuple[Served, EndpointRecord]:
    """What endpoint `name` serves, by the tags of its configuration. Raises RadimpressError."""
    record = endpoint_record(open_session(config.cloud), name)
    number = record.config_tags.get(VERSION) or record.tags.get(VERSION, "")
    if not number:
        raise next_step(
            f"endpoint {name} says of no version that it serves it",
            "name an endpoint that `radimpress deploy` made",
        )
    digest = record.config_tags.get(MODEL) or record.tags.get(MODEL, "")
    model = config.tracking.registered_model
    return Served(f"endpoint {name}", model, number, digest), record


def sagemaker_links(
    config: Config, record: EndpointRecord, store: Store, chosen: Version
) -> Iterator[Link]:
    """Whether everything that the endpoint says of itself is so."""
    yield state_link(record)
    yield tags_link(record, chosen)
    yield entry_link(record, Ledger(store, chosen.name), chosen)
    yield data_link(open_session(config.cloud), record, chosen)


def state_link(record: EndpointRecord) -> Link:
    """Whether it answers, with a configuration that is still there and was accepted."""
    value = record.config[-SHOWN:] or "none"
    if record.status != "InService":
        return broken("endpoint state", value, f"{record.name} is {record.status}")
    if not record.config_tags:
        return broken("endpoint state", value, f"the configuration {record.config} was deleted")
    if record.tags.get(ACCEPTED) != record.config:
        return broken(
            "endpoint state", value, "it did not pass the golden cases with this configuration"
        )
    return holds("endpoint state", value, f"in service with {record.config}, which was accepted")


def tags_link(record: EndpointRecord, chosen: Version) -> Link:
    """Whether endpoint, configuration and registry say the same of version, model and commit."""
    value = f"version {record.tags.get(VERSION, 'none')}"
    registered = {
        VERSION: chosen.number,
        MODEL: chosen.model_sha256,
        COMMIT: chosen.tags.get(f"{PREFIX}git_commit", ""),
    }
    others = [
        ("the endpoint's", record.tags, "its configuration's", record.config_tags),
        ("the endpoint's", record.tags, "the registry's", registered),
    ]
    for name, ours, other, theirs in others:
        for key in ALIKE:
            if ours.get(key, "") != theirs.get(key, ""):
                return broken(
                    "endpoint tags",
                    value,
                    f"{name} {key} is {_short(ours, key)}, {other} {_short(theirs, key)}",
                )
    return holds("endpoint tags", value, "endpoint, configuration and registry agree")


def entry_link(record: EndpointRecord, ledger: Ledger, chosen: Version) -> Link:
    """Whether the entry that the endpoint was deployed for is in a sound ledger."""
    digest = record.tags.get(LEDGER, "")
    value, chain = digest[:SHOWN] or "none", ledger.read()
    if chain.problems:
        return broken("endpoint entry", value, f"{chain.problems[0]} (`radimpress history`)")
    found = next((entry for entry in chain.entries if entry.digest == digest), None)
    if found is None:
        return broken("endpoint entry", value, "the ledger has no such entry")
    if found.to_version != chosen.number:
        why = f"entry {found.sequence} made version {found.to_version} champion"
        return broken("endpoint entry", value, why)
    last = chain.head is not None and chain.head.digest == digest
    if not last:
        why = f"entry {found.sequence}; the ledger has moved on: run `radimpress deploy`"
        return broken("endpoint entry", value, why)
    return holds("endpoint entry", value, f"entry {found.sequence}, the last of the ledger")


def data_link(session: Session, record: EndpointRecord, chosen: Version) -> Link:
    """Whether the bytes in S3 are the package of this very version."""
    if not record.data:
        return broken("endpoint model", "none", "the model of its configuration was deleted")
    with tempfile.TemporaryDirectory(prefix="radimpress-") as scratch:
        found = fetched_data(session, record.data, Path(scratch))
        value = found.sha256[:SHOWN] or "none"
        if found.problem:
            return broken("endpoint model", value, found.problem)
        if found.fetched is None:
            why = f"{found.bytes / 1e9:.0f} GB stay in S3: names and sizes are right"
            return unchecked("endpoint model", value, why)
        try:
            folder = unpack(found.fetched, Path(scratch) / "model")
        except RadimpressError as error:
            return broken("endpoint model", value, str(error).partition("; next: ")[0])
        lineage = json.loads((folder / LINEAGE).read_text(encoding="utf-8"))
    if lineage.get(MODEL_SHA256) != chosen.model_sha256:
        why = f"S3 holds the model {lineage.get(MODEL_SHA256, '')[:SHOWN]}"
        return broken("endpoint model", value, why)
    return holds("endpoint model", value, f"{record.data.rpartition('/')[2]}: every file hashed")


def _short(tags: Mapping[str, str], key: str) -> str:
    return tags.get(key, "")[:SHOWN] or "none"
