import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radimpress.config.load import compose
from radimpress.config.schema import Cleaning, CorpusFormat, Data, Duplicates, External, Profile
from radimpress.corpus.clean_stage import clean_corpus, describe
from radimpress.corpus.mediqa_profile import parse as parse_as_mediqa
from radimpress.corpus.report import read_reports
from radimpress.corpus.synthetic import generate_studies
from radimpress.runtime.errors import RadimpressError

GOOD = " INDICATION:  Cough.\n FINDINGS:  Lungs are clear.\n IMPRESSION:  1. No disease.\n"


def zipped(path: Path, reports: dict[str, str | bytes]) -> Data:
    """A corpus of reports by study id, one subject each."""
    with zipfile.ZipFile(path, "w") as archive:
        for study, report in reports.items():
            archive.writestr(f"files/p10/p{study}/s{study}.txt", report)
    return Data(name="mine", format=CorpusFormat.mimic_cxr, path=str(path))


def accounted(counts: dict) -> bool:
    lost = sum(counts["dropped"].values()) + sum(counts["quarantined"].values())
    return counts["read"] == counts["kept"] + lost


raw_reports = st.sampled_from(
    [
        GOOD,
        GOOD.encode("utf-16"),
        GOOD.replace("clear", "cléar").encode("cp1252"),
        "",
        b"\0\0",
        " FINDINGS AND IMPRESSION:  No disease.\n",
        " FINDINGS:  Lungs are clear.\n IMPRESSION:  See above.\n",
        "x" * 3000,
    ]
)


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(raw_reports), st.sampled_from(Duplicates), st.none() | st.integers(1, 3))
def test_every_report_read_is_kept_dropped_or_quarantined(
    tmp_path: Path, reports: list[str | bytes], duplicates: Duplicates, limit: int | None
) -> None:
    numbered = {str(n): report for n, report in enumerate([GOOD, *reports])}
    data = zipped(tmp_path / "a.zip", numbered)
    data.limit = limit
    data.cleaning = Cleaning(duplicates=duplicates, max_report_bytes=2000)
    summary = clean_corpus(data, tmp_path / "clean", workers=1)
    assert summary["read"] == len(numbered)
    assert accounted(summary)
    named = (tmp_path / "clean" / "quarantine.jsonl").read_text().splitlines()
    assert len(named) == sum(summary["quarantined"].values())
    assert summary["kept"] == len(read_reports(tmp_path / "clean" / "reports.parquet"))


def test_a_report_of_five_megabytes_is_quarantined_by_name(tmp_path: Path) -> None:
    data = zipped(tmp_path / "a.zip", {"1": GOOD, "2": GOOD + "x" * 5_000_000})
    summary = clean_corpus(data, tmp_path / "clean", workers=1)
    assert (summary["kept"], summary["quarantined"]) == (1, {"too_large": 1})
    assert json.loads((tmp_path / "clean" / "quarantine.jsonl").read_text())["study_id"] == "2"


def test_text_that_is_not_utf8_is_read_and_counted(tmp_path: Path) -> None:
    report = GOOD.replace("clear", "cl\u00e9ar").encode("cp1252")
    summary = clean_corpus(zipped(tmp_path / "a.zip", {"1": report}), tmp_path / "clean", workers=1)
    assert (summary["kept"], summary["repaired_encoding"]) == (1, 1)
    assert read_reports(tmp_path / "clean" / "reports.parquet")[0].findings == "Lungs are cléar."


def test_a_failed_run_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "clean"
    clean_corpus(zipped(tmp_path / "a.zip", {"1": GOOD}), out, workers=1)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(RadimpressError, match="none of the 1 reports"):
        clean_corpus(zipped(tmp_path / "b.zip", {"1": ""}), out, workers=1)
    data = zipped(tmp_path / "a.zip", {"1": GOOD})
    data.external = External(name="outside", path=str(tmp_path / "gone.json"))
    with pytest.raises(RadimpressError, match=r"gone\.json is missing"):
        clean_corpus(data, out, workers=1)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "b.zip", "clean"]


def test_the_mediqa_settings_give_the_official_texts(tmp_path: Path) -> None:
    studies = list(generate_studies("B", 300, 3))
    settings = compose(["data=mediqa"]).data
    assert settings.profile is Profile.mediqa
    data = zipped(tmp_path / "a.zip", {study.study_id: study.raw for study in studies})
    data.profile, data.cleaning = settings.profile, settings.cleaning
    clean_corpus(data, tmp_path / "clean", workers=1)
    kept = {r.study_id: r for r in read_reports(tmp_path / "clean" / "reports.parquet")}
    official = {study.study_id: parse_as_mediqa(study.raw) for study in studies}
    assert set(kept) == {name for name, parsed in official.items() if parsed.dropped is None}
    for name, report in kept.items():
        expected = official[name]
        assert report.background == expected.background
        assert report.findings == expected.findings
        assert report.impression == expected.impression


def test_the_public_reports_are_cleaned(tmp_path: Path, indiana_half: Path) -> None:
    data = Data(name="indiana", format=CorpusFormat.indiana, path=str(indiana_half))
    summary = clean_corpus(data, tmp_path / "clean", workers=2)
    assert summary["read"] == 952
    assert summary["dropped"] == {"findings_contain_impression": 10}
    assert summary["quarantined"] == {}
    reports = read_reports(tmp_path / "clean" / "reports.parquet")
    assert len(reports) == 942
    assert not [r for r in reports if re.match(r"\d+[.)]\s", r.impression)]
    assert not [r for r in reports if "____" in r.findings + r.impression + r.background]


def test_the_summary_is_described_in_a_line_a_corpus() -> None:
    counts = {
        "corpus": "a",
        "read": 1200,
        "kept": 1000,
        "dropped": {"x": 150},
        "quarantined": {"y": 50},
    }
    other = {"corpus": "b", "read": 2, "kept": 2, "dropped": {}, "quarantined": {}}
    assert describe({**counts, "external": other}).splitlines() == [
        "a: read 1,200, kept 1,000; not kept: x 150, y 50",
        "b: read 2, kept 2",
    ]
