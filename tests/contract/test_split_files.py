"""The files of data/splits: what later stages, and readers of other tools, rely on."""

import json
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from radimpress.config.schema import Data, External, Split
from radimpress.corpus.report import Report, write_reports
from radimpress.corpus.split_stage import split_corpus

FINDINGS = "The heart is large, a drain is in the left chest, image number {} of the day."


def write_splits(folder: Path, reverse: bool = False) -> Path:
    rows = [
        Report(f"{i}", f"p{i // 3}", "here", "", FINDINGS.format(i), f"Number {i}.")
        for i in range(300)
    ]
    other = [replace(row, subject_id="", findings=f"Elsewhere {row.findings}") for row in rows[:20]]
    order = -1 if reverse else 1
    write_reports(folder / "clean" / "reports.parquet", rows[::order])
    write_reports(folder / "clean" / "external.parquet", other[::order])
    data = Data(name="here", split=Split(file=""), external=External(name="there", path="x"))
    split_corpus(data, folder / "clean", folder / "splits")
    return folder / "splits"


@pytest.fixture(scope="module")
def splits(tmp_path_factory) -> Path:
    return write_splits(tmp_path_factory.mktemp("one"))


def test_the_folder_holds_the_named_files_and_nothing_else(splits):
    assert sorted(path.name for path in splits.iterdir()) == [
        "summary.json",
        "test.parquet",
        "test_there.parquet",
        "train.parquet",
        "validation.parquet",
    ]


def test_evaluated_splits_are_found_by_their_name(splits):
    assert sorted(p.stem for p in splits.glob("test*.parquet")) == ["test", "test_there"]


@pytest.mark.parametrize("name", ["train", "validation", "test", "test_there"])
def test_every_table_has_the_columns_of_a_report_without_nulls_sorted_by_study(splits, name):
    table = pq.read_table(splits / f"{name}.parquet")
    assert table.column_names == [
        "study_id",
        "subject_id",
        "source",
        "background",
        "findings",
        "impression",
    ]
    assert all(str(field.type) == "string" and not field.nullable for field in table.schema)
    studies = table.column("study_id").to_pylist()
    assert studies == sorted(studies)
    assert studies


def test_the_summary_has_its_layout(splits):
    summary = json.loads((splits / "summary.json").read_text())
    assert list(summary) == [
        "corpus",
        "method",
        "splits",
        "official",
        "leakage",
        "contamination",
    ]
    assert list(summary["splits"]) == ["train", "validation", "test", "test_there"]
    assert list(summary["splits"]["train"]) == [
        "reports",
        "subjects",
        "share_normal",
        "mean_findings_words",
        "mean_impression_words",
        "sources",
    ]
    assert list(summary["leakage"]) == [
        "policy",
        "train_pairs_in_evaluation",
        "validation_pairs_in_test",
        "dropped_from_train",
        "dropped_from_validation",
        "test_findings_in_train",
        "warnings",
    ]
    assert list(summary["contamination"]) == [
        "external_reports",
        "distinctive_reports",
        "found_distinctive",
        "found_template",
        "share",
        "dropped_from_train",
        "dropped_from_validation",
    ]


def test_the_same_reports_in_any_order_give_the_same_bytes(splits, tmp_path):
    again = write_splits(tmp_path, reverse=True)
    for path in splits.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name
