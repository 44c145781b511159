import gzip
import time
from pathlib import Path

import pytest

from radimpress.corpus.assignment import Part, Splits
from radimpress.corpus.official_split import OfficialSplit, by_file, plain_id, read_official
from radimpress.corpus.report import Report
from radimpress.runtime.errors import RadimpressError

MIMIC = (
    "dicom_id,study_id,subject_id,split\n"
    "02aa,50414267,10000032,train\n"
    "174e,50414267,10000032,train\n"
    "2a2f,53189527,10000764,validate\n"
    "e084,53911762,10000898,test\n"
)
MEDIQA = "study_id,subject_id,split\n1,11,train\n2,12,train\n3,13,dev\n"


def report(study: str, subject: str = "") -> Report:
    return Report(study, subject, "test", "", f"Findings of {study}.", "Normal.")


def written(folder: Path, text: str | bytes, name: str = "split.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def ids(splits: Splits) -> dict[str, list[str]]:
    return {part.value: [r.study_id for r in rows] for part, rows in splits.parts()}


@pytest.mark.parametrize(
    ("given", "plain"),
    [("s504", "504"), ("p10", "10"), (" S7 ", "7"), ("504", "504"), ("CXR12", "CXR12"), ("s", "s")],
)
def test_the_letters_of_mimic_ids_are_no_part_of_an_id(given: str, plain: str):
    assert plain_id(given) == plain


@pytest.mark.parametrize("letter", ["", "s"])
@pytest.mark.parametrize("zipped", [False, True])
def test_the_file_of_mimic_cxr_is_followed_with_one_row_an_image(tmp_path, letter, zipped):
    data = gzip.compress(MIMIC.encode()) if zipped else MIMIC
    official = read_official(written(tmp_path, data, "split.csv.gz" if zipped else "split.csv"))
    reports = [report(letter + study) for study in ("53911762", "50414267", "53189527")]
    splits, agreement = by_file(reports, official, validation=0.5)
    assert ids(splits) == {
        "train": [letter + "50414267"],
        "validation": [letter + "53189527"],
        "test": [letter + "53911762"],
    }
    assert (agreement.studies_in_file, agreement.absent, agreement.not_in_file) == (3, 0, 0)


def test_a_gzipped_file_is_known_by_its_bytes_and_not_its_name(tmp_path):
    official = read_official(written(tmp_path, gzip.compress(MIMIC.encode()), "split.csv"))
    assert official.parts["53911762"] is Part.test


def test_a_byte_order_mark_blank_lines_and_spaces_in_the_file_do_no_harm(tmp_path):
    text = "\ufeffsplit , Study_ID\r\n TRAIN , s1\r\n\r\ntest,2\r\n"
    official = read_official(written(tmp_path, text))
    assert official == OfficialSplit({"1": Part.train, "2": Part.test}, {})


def test_dev_is_the_test_split_of_mediqa(tmp_path):
    official = read_official(written(tmp_path, MEDIQA))
    assert official.parts == {"1": Part.train, "2": Part.train, "3": Part.test}
    assert not official.has_validation


def test_dev_is_validation_where_the_file_also_has_a_test_split(tmp_path):
    official = read_official(written(tmp_path, MEDIQA + "4,14,test\n"))
    assert official.parts["3"] is Part.validation
    assert official.parts["4"] is Part.test


def test_without_a_validation_split_whole_patients_are_taken_from_train():
    studies = {str(i): Part.train for i in range(1000)} | {"t": Part.test}
    reports = [report(str(i), subject=f"p{i // 4}") for i in range(1000)] + [report("t", "pt")]
    splits, agreement = by_file(reports, OfficialSplit(studies, {}), validation=0.1)
    assert agreement.validation_taken_from_train == len(splits.validation)
    assert 60 < len(splits.validation) < 140
    assert ids(splits)["test"] == ["t"]
    assert not {r.subject_id for r in splits.train} & {r.subject_id for r in splits.validation}


def test_a_file_as_large_as_mediqas_takes_a_moment_and_not_its_square(tmp_path):
    studies = {str(i): Part.train for i in range(30_000)} | {"t": Part.test}
    reports = [report(study, subject=study) for study in studies]
    started = time.process_time()
    by_file(reports, OfficialSplit(studies, {}), validation=0.1)
    assert time.process_time() - started < 5  # 0.3 s; a search a report is a minute


def test_absent_and_unnamed_studies_are_counted_and_left_out(tmp_path):
    official = read_official(written(tmp_path, MIMIC))
    splits, agreement = by_file([report("s50414267"), report("s1")], official, validation=0.1)
    assert ids(splits)["train"] == ["s50414267"]
    assert agreement.absent == 2
    assert agreement.not_in_file == 1


def test_patients_are_taken_from_the_file_where_the_corpus_names_none(tmp_path):
    official = read_official(written(tmp_path, MIMIC))
    splits, agreement = by_file([report("50414267"), report("53911762", "own")], official, 0.1)
    assert [r.subject_id for r in splits.train + splits.test] == ["10000032", "own"]
    assert agreement.subjects_filled == 1


def test_a_file_of_another_corpus_is_refused(tmp_path):
    official = read_official(written(tmp_path, MIMIC))
    with pytest.raises(RadimpressError, match="none of the 2 clean reports stands in the official"):
        by_file([report("a"), report("b")], official, validation=0.1)


def test_a_study_with_two_splits_is_refused_by_name(tmp_path):
    path = written(tmp_path, MIMIC + "ffff,s50414267,10000032,test\n")
    with pytest.raises(RadimpressError, match="line 6: study 50414267 is in train and in test"):
        read_official(path)


def test_an_unknown_split_name_is_refused_with_the_known_ones(tmp_path):
    path = written(tmp_path, "study_id,split\n1,holdout\n")
    with pytest.raises(RadimpressError, match="'holdout', expected one of train, .*, test, dev"):
        read_official(path)


def test_a_row_without_a_split_is_refused(tmp_path):
    with pytest.raises(RadimpressError, match="line 3: the split is empty"):
        read_official(written(tmp_path, "study_id,split\n1,train\n2\n"))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "is missing"),
        (b"study_id,split\n1,tr\xe4in\n", "is not UTF-8 text"),
        (b"study,part\n1,train\n", "has no column study_id and split, found 'study', 'part'"),
        (b"", "has no column study_id and split, found nothing"),
        (gzip.compress(MIMIC.encode())[:-9], "is damaged"),
        (b"\x1f\x8b rubbish", "is damaged"),
    ],
    # Names of our own: gzip's bytes hold the time, and the workers of xdist must agree on names.
    ids=["missing", "no UTF-8", "other columns", "empty", "cut short", "no gzip"],
)
def test_a_bad_file_ends_in_one_line_that_names_it(tmp_path, content, problem):
    path = tmp_path / "split.csv" if content is None else written(tmp_path, content)
    with pytest.raises(RadimpressError) as caught:
        read_official(path)
    assert problem in str(caught.value)
    assert str(path) in str(caught.value)
    assert "; next: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(RadimpressError, match="cannot be read"):
        read_official(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "s1,p12345678,CANARY effusion seen\n",  # no header at all
        "study_id,split\n1,CANARY effusion in p12345678\n",  # shifted columns
    ],
)
def test_errors_quote_neither_text_nor_patients_of_a_wrong_file(tmp_path, text):
    with pytest.raises(RadimpressError) as caught:
        read_official(written(tmp_path, text))
    assert "CANARY" not in str(caught.value)
    assert "12345678" not in str(caught.value)
