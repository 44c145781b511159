import json
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.config.schema import Data, External, Overlap, Split, SplitMethod
from radimpress.corpus.report import Report, read_reports, write_reports
from radimpress.corpus.split_stage import split_corpus
from radimpress.runtime.errors import RadimpressError

FINDINGS = "The heart is large, a drain is in the left chest, image number {} of the day."


def corpus(reports: int, prefix: str = "s") -> list[Report]:
    return [
        Report(
            f"{prefix}{i}", f"{i // 2}", "mimic", "", FINDINGS.format(i), f"Large heart {i % 7}."
        )
        for i in range(reports)
    ]


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    write_reports(tmp_path / "clean" / "reports.parquet", corpus(400))
    return tmp_path / "clean"


def data(**split: object) -> Data:
    return Data(name="here", path="unused", split=Split(file="", **split))


def official(folder: Path, text: str) -> Data:
    (folder / "split.csv").write_text(text)
    return Data(
        name="here",
        split=Split(method=SplitMethod.official, file=str(folder / "split.csv"), validation=0.2),
    )


def test_the_hash_split_writes_every_report_once(clean, tmp_path):
    summary = split_corpus(data(), clean, tmp_path / "splits")
    sides = {
        name: read_reports(tmp_path / "splits" / f"{name}.parquet") for name in summary["splits"]
    }
    assert list(sides) == ["train", "validation", "test"]
    assert sum(map(len, sides.values())) == 400
    assert summary["splits"]["test"]["reports"] == len(sides["test"])
    assert summary["official"] is None
    assert summary["contamination"] is None
    assert summary["leakage"]["warnings"] == []


def test_the_official_split_is_followed_and_disagreement_counted(clean, tmp_path):
    rows = [f"{i},{i // 2},{'dev' if i < 40 else 'train'}" for i in range(390)]
    rows += ["99999,7000,dev", "88888,7001,train"]
    config = official(tmp_path, "\n".join(["study_id,subject_id,split", *rows]))
    summary = split_corpus(config, clean, tmp_path / "splits")
    test = read_reports(tmp_path / "splits" / "test.parquet")
    assert {r.study_id for r in test} == {f"s{i}" for i in range(40)}
    counts = summary["official"]
    assert (counts["studies_in_file"], counts["absent"], counts["not_in_file"]) == (392, 2, 10)
    assert counts["validation_taken_from_train"] == summary["splits"]["validation"]["reports"] > 0


def test_an_official_split_of_one_patient_on_two_sides_is_refused(clean, tmp_path):
    rows = [f"{i},{i // 2},{'test' if i % 2 else 'train'}" for i in range(400)]
    config = official(tmp_path, "\n".join(["study_id,subject_id,split", *rows]))
    with pytest.raises(RadimpressError, match="patients have reports on two sides"):
        split_corpus(config, clean, tmp_path / "splits")
    assert not (tmp_path / "splits").exists()


def test_a_refusal_leaves_the_earlier_split_as_it_was(clean, tmp_path):
    split_corpus(data(), clean, tmp_path / "splits")
    before = (tmp_path / "splits" / "train.parquet").read_bytes()
    write_reports(clean / "reports.parquet", corpus(2))
    with pytest.raises(RadimpressError, match="is empty after data.split.method=hash"):
        split_corpus(data(), clean, tmp_path / "splits")
    assert (tmp_path / "splits" / "train.parquet").read_bytes() == before


def test_no_clean_report_at_all_is_refused(clean, tmp_path):
    write_reports(clean / "reports.parquet", [])
    with pytest.raises(RadimpressError, match="holds no report: cleaning kept none"):
        split_corpus(data(), clean, tmp_path / "splits")


def test_missing_clean_reports_say_what_to_run(tmp_path):
    with pytest.raises(RadimpressError, match="reports.parquet is missing"):
        split_corpus(data(), tmp_path, tmp_path / "splits")


@pytest.mark.parametrize("side", ["train", "validation", "test"])
def test_an_official_split_with_an_empty_side_is_refused(clean, tmp_path, side):
    sides = [s for s in ("train", "validate", "test") if not s.startswith(side[:5])]
    rows = [f"{i},{sides[i // 200]}" for i in range(400)]
    if side == "validation":  # then validation is taken from train, of which there is too little
        rows = [f"{i},{'train' if i < 2 else 'test'}" for i in range(400)]
    config = official(tmp_path, "\n".join(["study_id,split", *rows]))
    with pytest.raises(RadimpressError, match="is empty after data.split.method=official"):
        split_corpus(config, clean, tmp_path / "splits")


def test_pairs_on_two_sides_are_dropped_refused_or_allowed_with_a_warning(clean, tmp_path):
    rows = [replace(r, findings="Lungs clear.", impression="Normal.") for r in corpus(100)]
    write_reports(clean / "reports.parquet", rows + corpus(400, prefix="x"))
    out = tmp_path / "splits"
    dropped = split_corpus(data(), clean, out)["leakage"]
    assert dropped["dropped_from_train"] == dropped["train_pairs_in_evaluation"] > 50
    assert dropped["test_findings_in_train"] == 0
    allowed = split_corpus(data(overlap=Overlap.allow), clean, out)["leakage"]
    assert "training reports stand in validation or test" in allowed["warnings"][0]
    with pytest.raises(RadimpressError, match="data.split.overlap=drop"):
        split_corpus(data(overlap=Overlap.refuse), clean, out)


def with_external(clean: Path, copies: int, **split: object) -> Data:
    other = [replace(r, source="other", subject_id="") for r in corpus(600, prefix="o")]
    write_reports(clean / "external.parquet", other[400 - copies : 500 - copies])
    return replace(data(**split), external=External(name="other", path="unused"))


def test_an_external_test_set_is_written_beside_the_own_one(clean, tmp_path):
    summary = split_corpus(with_external(clean, copies=0), clean, tmp_path / "splits")
    assert len(read_reports(tmp_path / "splits" / "test_other.parquet")) == 100
    assert summary["splits"]["test_other"]["reports"] == 100
    assert summary["contamination"]["found_distinctive"] == 0


def test_a_contaminated_external_test_set_is_refused(clean, tmp_path):
    with pytest.raises(RadimpressError, match="of 100 reports of the external test set 'other'"):
        split_corpus(with_external(clean, copies=100), clean, tmp_path / "splits")


def test_a_little_contamination_is_dropped_from_what_is_trained_on(clean, tmp_path):
    config = with_external(clean, copies=10, max_contamination=0.2)
    counts = split_corpus(config, clean, tmp_path / "splits")["contamination"]
    learnt = read_reports(tmp_path / "splits" / "train.parquet")
    outside = read_reports(tmp_path / "splits" / "test_other.parquet")
    assert counts["dropped_from_train"] > 0
    assert not {r.findings for r in learnt} & {r.findings for r in outside}


def test_allow_keeps_contaminated_reports_and_warns(clean, tmp_path):
    config = with_external(clean, copies=10, max_contamination=1.0, overlap=Overlap.allow)
    summary = split_corpus(config, clean, tmp_path / "splits")
    assert summary["contamination"]["dropped_from_train"] == 0
    assert "reports of test_other have findings" in summary["leakage"]["warnings"][-1]


def test_a_removed_external_test_set_leaves_no_file_behind(clean, tmp_path):
    split_corpus(with_external(clean, copies=0), clean, tmp_path / "splits")
    split_corpus(data(), clean, tmp_path / "splits")
    assert not (tmp_path / "splits" / "test_other.parquet").exists()


def test_an_external_test_set_emptied_by_cleaning_is_refused(clean, tmp_path):
    config = with_external(clean, copies=0)
    write_reports(clean / "external.parquet", [])
    with pytest.raises(RadimpressError, match="'other' has no report left after cleaning"):
        split_corpus(config, clean, tmp_path / "splits")


def test_the_summary_names_no_patient_and_quotes_no_report(clean, tmp_path):
    canary = [
        replace(r, subject_id=f"PATIENT{i // 2}", findings=f"CANARY {r.findings}")
        for i, r in enumerate(corpus(400))
    ]
    write_reports(clean / "reports.parquet", canary)
    split_corpus(data(), clean, tmp_path / "splits")
    text = (tmp_path / "splits" / "summary.json").read_text()
    assert "CANARY" not in text
    assert "PATIENT" not in text
    assert json.loads(text)["splits"]["train"]["subjects"] > 100
