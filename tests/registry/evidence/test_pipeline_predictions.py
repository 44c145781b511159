import pytest
import yaml

from radimpress.health.hashing import tree, tree_md5
from radimpress.modeling.recipe import Decoding
from radimpress.registry.evidence.pipeline_predictions import PipelinePredictions
from radimpress.runtime.digests import folder_sha256

DECODING = Decoding(128)
GENERATION = {"max_new_tokens": 128, "num_beams": 1, "length_penalty": 1.0} | {
    "no_repeat_ngram_size": 0,
    "batch_size": 32,
}


@pytest.fixture
def locked(workspace):
    """The workspace with the dvc.lock of a stage `generate` that has just ended."""

    def entry(path):
        return {"path": path, "md5": tree_md5(tree(workspace.root / path, lambda _: False))}

    stage = {
        "deps": [
            entry("data/splits"),
            entry("models/finetuned"),
            {"path": "models/foundation", "md5": "not here.dir"},
        ],
        "params": {"params.yaml": {"generation": GENERATION}},
        "outs": [entry("reports/predictions"), {"path": "reports/timing", "md5": "varies.dir"}],
    }
    lock = {"schema": "2.0", "stages": {"generate": stage}}
    (workspace.root / "dvc.lock").write_text(yaml.safe_dump(lock))
    return workspace


def test_what_the_pipeline_wrote_is_taken_for_the_same_model_asked_in_the_same_way(locked):
    sha256 = folder_sha256(locked.finetuned)
    found = PipelinePredictions(locked).of_model(sha256, DECODING, "test")
    assert [p.prediction for p in found] == ["finetuned wrote this"] * 3
    found = PipelinePredictions(locked).of_baseline("constant", "test")
    assert [p.prediction for p in found] == ["constant wrote this"] * 3


def test_another_model_or_another_way_of_asking_is_not_answered(locked):
    pipeline, sha256 = PipelinePredictions(locked), folder_sha256(locked.finetuned)
    assert pipeline.of_model("0" * 64, DECODING, "test") is None
    assert pipeline.of_model(sha256, Decoding(128, num_beams=4), "test") is None
    assert pipeline.of_model(sha256, DECODING, "test_external") is None
    assert pipeline.of_baseline("lead", "test") is None


@pytest.mark.parametrize(
    "changed", ["data/splits/test.parquet", "reports/predictions/finetuned/test.parquet"]
)
def test_nothing_is_taken_once_a_file_differs_from_the_lock(locked, changed):
    with (locked.root / changed).open("ab") as stream:
        stream.write(b"x")
    pipeline = PipelinePredictions(locked)
    assert pipeline.of_model(folder_sha256(locked.finetuned), DECODING, "test") is None
    assert pipeline.of_baseline("constant", "test") is None


@pytest.mark.parametrize("lock", ["", "no: lock", "stages: {generate: 1}", "{"])
def test_without_a_lock_of_the_stage_nothing_is_taken(locked, lock):
    (locked.root / "dvc.lock").write_text(lock)
    assert PipelinePredictions(locked).of_baseline("constant", "test") is None
    (locked.root / "dvc.lock").unlink()
    assert PipelinePredictions(locked).of_baseline("constant", "test") is None
