"""Predictions and splits in; metrics, tests, scores, plots and the page out."""

import json

import pytest

from radimpress.config.schema import Access, Config
from radimpress.corpus.report import Prediction, Report, write_predictions, write_reports
from radimpress.report.evaluate_stage import evaluate
from radimpress.runtime.errors import RadimpressError

EFFUSION = "Small left pleural effusion."
CLEAR = "No acute cardiopulmonary abnormality."
SYSTEMS = ["constant", "finetuned"]


def reports(size):
    return [
        Report(
            f"s{i}",
            f"p{i}",
            "synthetic",
            "",
            EFFUSION if i % 2 else "The lungs are clear. The heart is normal.",
            EFFUSION if i % 2 else CLEAR,
        )
        for i in range(size)
    ]


@pytest.fixture
def config():
    config = Config()
    config.data.name, config.data.access = "synthetic", Access.public
    config.model.name, config.model.path = "t5_tiny", "none"
    config.generation.systems = list(SYSTEMS)
    config.evaluation.bootstrap_samples = 50
    config.evaluation.min_slice = 30
    return config


@pytest.fixture
def work(tmp_path):
    for split, size in {"test": 40, "test_openi": 6}.items():
        rows = reports(size)
        write_reports(tmp_path / "splits" / f"{split}.parquet", rows)
        outputs = {
            "constant": [Prediction(r.study_id, CLEAR) for r in rows],
            "finetuned": [Prediction(r.study_id, r.impression) for r in rows],
        }
        for system, written in outputs.items():
            path = tmp_path / "reports" / "predictions" / system / f"{split}.parquet"
            write_predictions(path, written)
    write_reports(tmp_path / "splits" / "train.parquet", reports(3))
    return tmp_path


def run(config, work):
    return evaluate(config, work / "splits", work / "reports")


def test_every_system_is_scored_on_every_test_split(config, work):
    results = run(config, work)
    assert results.splits == ["test", "test_openi"]
    assert results.systems("test_openi") == SYSTEMS
    metrics = json.loads((work / "reports" / "metrics.json").read_text())["systems"]
    assert metrics["finetuned"]["test"]["all"]["rougeL"] == {
        "value": 1.0,
        "low": 1.0,
        "high": 1.0,
        "n": 40,
    }
    assert metrics["constant"]["test"]["abnormal"]["rougeL"]["value"] == 0.0
    assert metrics["constant"]["test"]["all"]["identical_output_rate"]["value"] == 1.0
    assert "train" not in metrics["finetuned"]


def test_the_candidate_is_tested_against_every_other_system(config, work):
    run(config, work)
    found = json.loads((work / "reports" / "comparisons.json").read_text())
    tested = found["splits"]["test"]["constant"]["rougeL"]
    assert found["candidate"] == "finetuned"
    assert set(found["splits"]["test"]) == {"constant"}
    assert tested["difference"] == 0.5
    assert (tested["wins"], tested["ties"], tested["losses"], tested["n"]) == (20, 20, 0, 40)
    assert tested["p"] == pytest.approx(1 / 51, abs=1e-6)
    assert found["small_slices"]["test_openi"][0] == "all"
    assert "all" not in found["small_slices"]["test"]


def test_the_other_outputs_are_there(config, work):
    run(config, work)
    written = work / "reports"
    for name in (
        "headline.json",
        "report.html",
        "plots/systems.csv",
        "scores/constant/test_openi.parquet",
    ):
        assert (written / name).is_file(), name


def test_a_second_run_writes_the_same_bytes_and_touches_no_input(config, work):
    def contents():
        return {
            path.relative_to(work): path.read_bytes()
            for path in sorted(work.rglob("*"))
            if path.is_file()
        }

    run(config, work)
    first = contents()
    run(config, work)
    assert contents() == first


def test_missing_predictions_are_named_with_the_next_step(config, work):
    (work / "reports" / "predictions" / "constant" / "test.parquet").unlink()
    with pytest.raises(RadimpressError, match=r"constant/test\.parquet is missing; next: run"):
        run(config, work)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda rows: rows[1:], "none for study s0"),
        (lambda rows: [*rows, Prediction("s99", "x")], "study s99 is not in the split"),
        (lambda rows: rows[::-1], "the same studies in another order"),
    ],
)
def test_predictions_for_other_reports_are_refused(config, work, change, why):
    rows = [Prediction(r.study_id, "No change.") for r in reports(40)]
    path = work / "reports" / "predictions" / "constant" / "test.parquet"
    write_predictions(path, change(rows))
    with pytest.raises(RadimpressError, match=rf"made for other reports .*{why}.*dvc repro"):
        run(config, work)
    assert not (work / "reports" / "metrics.json").exists()


def test_no_test_split_and_an_empty_one_are_refused(config, work, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(RadimpressError, match=r"empty holds no test\*\.parquet"):
        evaluate(config, tmp_path / "empty", work / "reports")
    write_reports(work / "splits" / "test.parquet", [])
    with pytest.raises(RadimpressError, match=r"test\.parquet holds no report"):
        run(config, work)
