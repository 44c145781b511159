from dataclasses import replace
from types import SimpleNamespace

import pytest

from radimpress.cloud.endpoints.record import EndpointRecord, ModelData
from radimpress.config.deployment import DeploymentTarget
from radimpress.registry.ledger.entry import draft
from radimpress.registry.lineage import sagemaker_endpoint
from radimpress.registry.lineage.link import State
from radimpress.registry.lineage.sagemaker_endpoint import (
    data_link,
    endpoint_name,
    entry_link,
    served_by_sagemaker,
    state_link,
    tags_link,
)
from radimpress.registry.versions import Version
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.serving.package import lay_out

TAGS = {
    "radimpress:version": "7",
    "radimpress:model-sha256": "ab" * 32,
    "radimpress:git-commit": "c" * 40,
}
RECORD = EndpointRecord(
    "radimpress",
    "InService",
    {**TAGS, "radimpress:accepted": "radimpress-v7"},
    "radimpress-v7",
    TAGS,
    "radimpress-v7",
    "s3://bucket/models/x/model.tar.gz",
)
SEVEN = Version(
    "m",
    "7",
    "",
    "",
    tags={"radimpress.model_sha256": "ab" * 32, "radimpress.git_commit": "c" * 40},
)


def test_an_endpoint_in_service_and_accepted_holds():
    assert state_link(RECORD).state is State.holds
    assert tags_link(RECORD, SEVEN).state is State.holds


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": "Updating"}, "radimpress is Updating"),
        ({"config_tags": {}}, "the configuration radimpress-v7 was deleted"),
        ({"tags": TAGS}, "did not pass the golden cases"),
    ],
)
def test_a_state_that_is_not_what_it_should_be_is_broken(change, why):
    link = state_link(replace(RECORD, **change))
    assert (link.state, why in link.why) == (State.broken, True)


@pytest.mark.parametrize("key", TAGS)
def test_tags_that_differ_are_named_with_both_values(key):
    forged = replace(RECORD, tags={**RECORD.tags, key: "0" * 40})
    assert tags_link(forged, SEVEN).state is State.broken
    assert (
        f"the endpoint's {key} is 000000000000, its configuration's" in tags_link(forged, SEVEN).why
    )
    both = replace(forged, config_tags={**TAGS, key: "0" * 40})
    assert f"{key} is 000000000000, the registry's" in tags_link(both, SEVEN).why


def test_the_entry_is_looked_up_in_the_ledger(ledger):
    made = ledger.append(draft("promote", ledger.name, None, "1"), None)
    told = replace(RECORD, tags={**RECORD.tags, "radimpress:ledger-entry": made.digest})
    one = Version(ledger.name, "1", "", "")
    assert entry_link(told, ledger, one).state is State.holds
    assert entry_link(told, ledger, SEVEN).why == "entry 1 made version 1 champion"
    assert entry_link(RECORD, ledger, one).why == "the ledger has no such entry"
    ledger.append(draft("promote", ledger.name, "1", "2"), made)
    moved = entry_link(told, ledger, one)
    assert (moved.state, "the ledger has moved on" in moved.why) == (State.broken, True)


@pytest.fixture
def fetched(monkeypatch):
    """What S3 gives for the data of the model."""
    found = SimpleNamespace(data=ModelData("ef" * 32))
    monkeypatch.setattr(sagemaker_endpoint, "fetched_data", lambda *_: found.data)
    return found


def test_the_bytes_in_s3_are_opened_and_hashed(fetched, model_folder, tmp_path):
    folder = lay_out(model_folder, tmp_path / "data", {})
    fetched.data = ModelData("ef" * 32, "", folder)
    right = replace(SEVEN, tags={"radimpress.model_sha256": folder_sha256(model_folder)})
    assert data_link(None, RECORD, right).state is State.holds
    other = data_link(None, RECORD, SEVEN)
    assert other.state is State.broken
    assert other.why.startswith("S3 holds the model ")
    damaged = folder / "config.json"
    damaged.unlink()  # it may be a link to the model itself
    damaged.write_text("{}")
    assert "config.json" in data_link(None, RECORD, right).why


def test_data_that_are_gone_are_broken_and_large_ones_unchecked(fetched):
    fetched.data = ModelData("", "s3://bucket/models/x is gone")
    assert data_link(None, RECORD, SEVEN).state is State.broken
    fetched.data = ModelData("ef" * 32, bytes=11_000_000_000)
    large = data_link(None, RECORD, SEVEN)
    assert (large.state, large.why) == (
        State.unchecked,
        "11 GB stay in S3: names and sizes are right",
    )
    gone = data_link(None, replace(RECORD, data=""), SEVEN)
    assert gone.why == "the model of its configuration was deleted"


def test_a_bare_name_is_an_endpoint_where_no_version_has_it(config, store, versions):
    def name(which, target=DeploymentTarget.none):
        chosen = replace(config, deployment=replace(config.deployment, target=target))
        return endpoint_name(chosen, store, which)

    assert [name(which) for which in ("", "3", "champion", "challenger", "models:/m/3")] == [""] * 5
    assert name("radimpress-endpoint") == "radimpress-endpoint"
    assert name("sagemaker:challenger") == "challenger"
    store.client.set_registered_model_alias(versions, "radimpress", "1")
    assert name("radimpress") == ""
    assert name("radimpress", DeploymentTarget.sagemaker) == "radimpress"


def test_an_endpoint_without_a_version_is_none_of_ours(config, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    record = replace(RECORD, tags={}, config_tags={})
    monkeypatch.setattr(sagemaker_endpoint, "endpoint_record", lambda *_: record)
    with pytest.raises(RadimpressError, match="endpoint x says of no version that it serves it"):
        served_by_sagemaker(config, "x")
    monkeypatch.setattr(sagemaker_endpoint, "endpoint_record", lambda *_: RECORD)
    served, _ = served_by_sagemaker(config, "x")
    assert (served.version, served.model_sha256) == ("7", "ab" * 32)
