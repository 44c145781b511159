from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.cloud.jobs.channels import FINETUNED, inputs
from radimpress.cloud.session import open_session
from radimpress.cloud.storage import objects
from radimpress.modeling.reference import Reference, write_reference
from radimpress.runtime.errors import RadimpressError


def test_a_training_gets_no_test_reports(remote, loopback):
    session = open_session(remote.cloud)
    splits, foundation = inputs(remote, "train")
    assert sorted(objects(session, splits.uri(session))) == ["train.parquet", "validation.parquet"]
    assert "model.safetensors" in objects(session, foundation.uri(session))


def test_generation_gets_test_reports_and_the_models_that_are_compared(remote, workspace):
    FINETUNED.mkdir()
    found = {one.channel: one for one in inputs(remote, "generate")}
    assert list(found) == ["splits", "foundation", "finetuned"]
    assert found["splits"].names == ("train.parquet", "test.parquet")
    generation = replace(remote.generation, systems=["constant", "finetuned"])
    few = inputs(replace(remote, generation=generation), "generate")
    assert [one.channel for one in few] == ["splits", "finetuned"]


def test_a_foundation_of_the_hub_needs_nothing_and_a_local_one_its_folder(remote):
    assert inputs(remote, "foundation") == []
    model = replace(remote.model, path="checkpoints/flan")
    (one,) = inputs(replace(remote, model=model), "foundation")
    assert one.path == Path("checkpoints/flan")


def test_a_referenced_model_is_not_copied(remote, loopback):
    session = open_session(remote.cloud)
    reference = Reference("s3://bucket/there/", {"model.safetensors": "0" * 64})
    FINETUNED.mkdir()
    write_reference(FINETUNED, reference)
    before = loopback.calls["s3:PutObject"]
    one = inputs(remote, "generate")[-1]
    assert one.uri(session) == reference.uri
    assert one.sha256 == reference.sha256
    assert loopback.calls["s3:PutObject"] == before


def test_a_missing_input_is_named(remote, workspace):
    (workspace / "data/splits/validation.parquet").unlink()
    with pytest.raises(RadimpressError, match=r"validation\.parquet is missing"):
        _ = inputs(remote, "train")[0].sha256
