import json
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.config.schema import Access
from radimpress.corpus.report import Prediction, Report, write_predictions, write_reports
from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.report.score_table import write_scores
from radimpress.report.side import open_side, split_of
from radimpress.runtime.digests import file_md5
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.runs import RunRecord, ensure_run

REPORTS = [Report(str(n), "", "x", "", f"Small effusion {n}.", "Small effusion.") for n in range(4)]


@pytest.fixture
def home(tmp_path, monkeypatch, store_root, config):
    """A workspace whose split and predictions are public."""
    root = tmp_path / "work"
    write_reports(root / "data/splits/test.parquet", REPORTS)
    write_predictions(
        root / "reports/predictions/finetuned/test.parquet",
        [Prediction(r.study_id, "Small effusion.") for r in REPORTS],
    )
    monkeypatch.setattr("radimpress.report.side.repository_root", lambda: root)
    return root


@pytest.fixture
def public(config):
    return replace(config, evaluation=replace(config.evaluation, bootstrap_samples=50))


def private(config):
    return replace(config, data=replace(config.data, access=Access.private))


@pytest.fixture
def recorded(store, experiment, tmp_path, home):
    def recorded(**tags):
        pairs = [ScoredPair(r.study_id, r.findings, r.impression, "Small.") for r in REPORTS]
        path = tmp_path / "scores" / "test.parquet"
        write_scores(path, score(pairs, Settings(Resampling(samples=50))))
        split = home / "data/splits/test.parquet"
        written = home / "reports/predictions/finetuned/test.parquet"
        tags = {
            "radimpress.split.test_md5": file_md5(split),
            "radimpress.predictions.test_md5": file_md5(written),
            "radimpress.access": "public",
        } | {f"radimpress.{name}": value for name, value in tags.items()}
        run = RunRecord("finetuned", "f", "k", {}, {}, tags, "", artifacts=((path, "scores"),))
        return ensure_run(store, experiment, run)

    return recorded


def test_a_run_brings_its_scores_and_the_texts_it_was_scored_on(public, recorded):
    run = recorded()
    side = open_side(public, run, "test")
    assert side.label == "f"
    assert side.identity == {"run_id": run, "run": "f"}
    assert list(side.studies) == ["0", "1", "2", "3"]
    assert side.reports["2"] == REPORTS[2]
    assert side.outputs["2"] == "Small effusion."
    assert side.public


def test_texts_of_another_version_of_the_split_are_not_taken(public, recorded, home):
    run = recorded()
    write_reports(home / "data/splits/test.parquet", REPORTS[:3])
    side = open_side(public, run, "test")
    assert side.reports == {}
    assert len(side.studies) == 4


def test_a_run_is_public_only_where_it_and_this_workspace_say_so(public, recorded):
    run = recorded()
    assert not open_side(private(public), run, "test").public


def test_a_run_of_a_private_corpus_stays_private_here(public, recorded):
    assert not open_side(public, recorded(access="credentialed"), "test").public


def test_a_file_of_predictions_is_scored_against_its_own_workspace(public, home):
    path = home / "reports/predictions/finetuned/test.parquet"
    side = open_side(public, str(path), "test")
    assert side.columns["rougeL"].tolist() == [1.0] * 4
    assert side.public
    assert side.split_md5 == file_md5(home / "data/splits/test.parquet")
    assert not open_side(private(public), str(path), "test").public


def test_another_workspace_without_a_configuration_is_private(public, home, tmp_path):
    other = tmp_path / "other"
    write_reports(other / "data/splits/test.parquet", REPORTS)
    path = other / "reports/predictions/s/test.parquet"
    write_predictions(path, [Prediction(r.study_id, "None.") for r in REPORTS])
    side = open_side(public, str(path), "test")
    assert side.columns["rougeL"].tolist() == [0.0] * 4
    assert not side.public


def test_predictions_for_other_reports_are_refused(public, home, tmp_path):
    path = tmp_path / "test.parquet"
    write_predictions(path, [Prediction("elsewhere", "x")])
    with pytest.raises(RadimpressError, match=r"holds no report of .*test\.parquet"):
        open_side(public, str(path), "test")


def jsonl(path: Path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def rows(findings=None):
    return [
        {
            "study_id": r.study_id,
            "findings": findings or r.findings,
            "impression": r.impression,
            "prediction": "Small.",
        }
        for r in REPORTS
    ]


def test_a_jsonl_file_is_public_only_where_a_public_split_holds_its_very_reports(
    public, home, tmp_path
):
    path = tmp_path / "out.jsonl"
    assert open_side(public, jsonl(path, rows()), "test").public
    assert not open_side(private(public), jsonl(path, rows()), "test").public
    assert not open_side(public, jsonl(path, rows("Other text.")), "test").public


def test_a_study_named_twice_is_refused(public, home, tmp_path):
    with pytest.raises(RadimpressError, match="names a study twice"):
        open_side(public, jsonl(tmp_path / "out.jsonl", rows() + rows()), "test")


def test_the_split_is_that_of_the_first_parquet_file():
    assert split_of(["finetuned", "reports/predictions/lead/test_indiana.parquet"]) == (
        "test_indiana"
    )
    assert split_of(["finetuned", "out.jsonl"]) == "test"
