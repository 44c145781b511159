import json
from pathlib import Path

import pytest

from radimpress.config.schema import Cleaning, Columns, CorpusFormat, Duplicates, Profile
from radimpress.corpus.cleaned_corpus import write_cleaned
from radimpress.corpus.corpus_source import CorpusSource
from radimpress.corpus.preparation import Rules
from radimpress.corpus.raw import Fault
from radimpress.corpus.report import read_reports
from radimpress.runtime.errors import RadimpressError


def source(path: Path, records: list[dict[str, str]]) -> CorpusSource:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    columns = Columns(study_id="id", findings="findings", impression="impression")
    return CorpusSource("mine", CorpusFormat.jsonl, path, columns)


def record(number: int, impression: str = "No acute disease.") -> dict[str, str]:
    findings = f"The lungs are clear, image {number}."
    return {"id": str(number), "findings": findings, "impression": impression}


def rules(**cleaning: object) -> Rules:
    return Rules("mine", Profile.robust, Cleaning(**cleaning))  # type: ignore[arg-type]


def test_the_result_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    corpus = source(tmp_path / "a.jsonl", [record(n % 2900) for n in range(3000)])
    one = write_cleaned(corpus, rules(), 2000, tmp_path / "1.parquet", workers=1)
    two = write_cleaned(corpus, rules(), 2000, tmp_path / "2.parquet", workers=2)
    assert one == two
    assert (one.read, one.kept) == (3000, 2000)
    assert one.dropped == {"duplicate": 100, "over_limit": 900}
    assert (tmp_path / "1.parquet").read_bytes() == (tmp_path / "2.parquet").read_bytes()
    assert len(read_reports(tmp_path / "1.parquet")) == 2000


def test_a_repeated_id_goes_to_quarantine_where_duplicates_are_kept(tmp_path: Path) -> None:
    corpus = source(tmp_path / "a.jsonl", [record(1), record(2), record(1)])
    kept = write_cleaned(corpus, rules(duplicates=Duplicates.none), None, tmp_path / "o", workers=1)
    assert kept.quarantined == [("1", Fault.REPEATED_STUDY_ID)]
    assert (kept.read, kept.kept) == (3, 2)


def test_nothing_usable_is_refused_with_the_top_reasons(tmp_path: Path) -> None:
    records = [record(1, "As above."), record(2, "See above."), record(3, ""), {"id": "4"}]
    with pytest.raises(
        RadimpressError,
        match=r"none of the 4 reports of .*a\.jsonl is usable: impression_points_elsewhere 2, "
        r"no_impression 1, missing_field 1; next: look at one",
    ):
        write_cleaned(source(tmp_path / "a.jsonl", records), rules(), None, tmp_path / "o", 1)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]


def test_an_empty_folder_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    corpus = CorpusSource("mine", CorpusFormat.mimic_cxr, empty, Columns())
    with pytest.raises(
        RadimpressError, match=r"empty holds no report; .* expects files named pSUBJECT/sSTUDY\.txt"
    ):
        write_cleaned(corpus, rules(), None, tmp_path / "o", workers=1)
