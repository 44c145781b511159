import json
from dataclasses import replace

import pytest

from radimpress.config.schema import Access
from radimpress.corpus.report import Prediction, write_predictions
from radimpress.registry.registration.records import (
    Workspace,
    curve_points,
    read_metrics,
    run_records,
)
from radimpress.runtime.digests import file_md5
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.dvc_lock import lock_md5
from radimpress.tracking.lineage import read_lineage
from radimpress.tracking.runs import Point


def records(config, workspace):
    lineage = read_lineage(config, workspace.root)
    return {record.system: record for record in run_records(config, lineage, workspace)}


def test_every_system_of_the_metrics_becomes_a_record(config, workspace):
    found = records(config, workspace)
    assert list(found) == ["constant", "finetuned"]
    assert found["finetuned"].metrics["test/rougeL"] == 0.5
    assert set(found["finetuned"].datasets) == {"train", "validation", "test"}
    assert found["finetuned"].training_key
    assert found["constant"].training_key == ""
    assert found["constant"].curves == ()


def test_the_key_follows_what_was_predicted(config, workspace):
    before = records(config, workspace)
    assert records(config, workspace) == before
    path = workspace.reports / "predictions" / "constant" / "test.parquet"
    write_predictions(path, [Prediction(str(n), "something else") for n in range(7, 10)])
    after = records(config, workspace)
    assert after["constant"].key != before["constant"].key
    assert after["finetuned"].key == before["finetuned"].key


def test_every_run_keeps_the_lock_and_the_parameters_it_was_made_with(config, workspace):
    assert records(config, workspace)["constant"].texts == {}  # neither is there
    lock = "stages:\n  clean:\n    cmd: a\n"
    register = "  register:\n    cmd: b\n"
    (workspace.root / "dvc.lock").write_text(lock + register)
    (workspace.root / "params.yaml").write_text("seed: 17\n")
    record = records(config, workspace)["constant"]
    assert record.texts == {"lineage/dvc.lock": lock, "lineage/params.yaml": "seed: 17\n"}
    assert record.tags["radimpress.dvc_lock_md5"] == lock_md5(lock)


def test_a_run_says_whose_text_it_is_and_which_file_holds_its_outputs(config, workspace):
    path = workspace.reports / "predictions" / "finetuned" / "test.parquet"
    tags = records(config, workspace)["finetuned"].tags
    assert tags["radimpress.access"] == "public"
    assert tags["radimpress.predictions.test_md5"] == file_md5(path)


def test_the_candidate_shows_what_it_gains_on_the_others(config, workspace):
    test = {"difference": 0.3, "low": 0.2, "high": 0.4, "p": 0.01, "wins": 2, "ties": 1}
    test |= {"losses": 0, "n": 3}
    tests = {"splits": {"test": {"constant": {"rougeL": test}}}}
    (workspace.reports / "comparisons.json").write_text(json.dumps(tests))
    found = records(config, workspace)
    assert found["finetuned"].tables["differences.json"]["against"] == ["constant"]
    assert "minus constant" in found["finetuned"].note
    assert "differences.json" not in found["constant"].tables
    assert "minus" not in found["constant"].note


def test_curves_are_read_back_from_the_training_report(workspace):
    assert list(curve_points(workspace)) == [
        Point("train/loss", 2.0, 1),
        Point("train/learning_rate", 0.001, 1),
        Point("train/loss", 1.5, 2),
        Point("val/loss", 1.6, 2),
        Point("train/learning_rate", 0.0005, 2),
    ]


def test_tables_of_text_exist_only_for_public_corpora(config, workspace):
    table = records(config, workspace)["finetuned"].tables["examples_test.json"]
    assert table["impression"] == ["finetuned wrote this"] * 3
    private = replace(config, data=replace(config.data, access=Access.credentialed))
    for record in records(private, workspace).values():
        assert set(record.tables) == {"scores.json"}
        assert "findings" not in str(record.tables)


def test_missing_metrics_say_what_to_run(tmp_path):
    with pytest.raises(RadimpressError, match="run `dvc repro evaluate`"):
        read_metrics(Workspace(tmp_path))
