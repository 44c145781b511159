import csv
import gzip
import json
import re
import zipfile
import zlib
from collections import Counter, defaultdict

import pytest

from radimpress.corpus.synthetic import generate_studies, write_corpus
from radimpress.corpus.synthetic.archive import REPORTS, SPLIT, TRUTH, split_of

BUNDLED = {"institution": "B", "reports": 3000, "seed": 2026}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    out = tmp_path_factory.mktemp("corpus")
    return out, write_corpus(out, "B", 400, 9)


def rows_of(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def truth_of(path):
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def contents(folder):
    with zipfile.ZipFile(folder / REPORTS) as archive:
        reports = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    return (
        reports,
        gzip.decompress((folder / TRUTH).read_bytes()),
        (folder / SPLIT).read_bytes(),
        (folder / "README.md").read_bytes(),
    )


def test_the_bundled_corpus_is_what_its_command_writes(root, tmp_path):
    bundled = root / "data" / "raw" / "synthetic"
    write_corpus(tmp_path, **BUNDLED)
    assert contents(tmp_path) == contents(bundled)
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:  # zlib-ng packs the same text into other bytes
        for name in (REPORTS, TRUTH):
            assert (tmp_path / name).read_bytes() == (bundled / name).read_bytes()


def test_the_bundled_corpus_is_small(root):
    bundled = root / "data" / "raw" / "synthetic"
    assert (bundled / REPORTS).stat().st_size < 2_000_000
    assert sum(path.stat().st_size for path in bundled.iterdir()) < 3_000_000


def test_the_truth_names_unix_as_its_system_under_every_python(corpus):
    out, _ = corpus
    assert (out / TRUTH).read_bytes()[9] == 3


def test_two_writes_are_equal_to_the_byte(corpus, tmp_path):
    out, _ = corpus
    write_corpus(tmp_path, "B", 400, 9)
    for path in out.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_the_zip_is_sorted_dated_and_readable_by_all(corpus):
    out, _ = corpus
    with zipfile.ZipFile(out / REPORTS) as archive:
        entries = archive.infolist()
        assert archive.testzip() is None
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert len(set(names)) == 400
    for entry in entries:
        found = re.fullmatch(r"files/p(\d\d)/p(\d{8})/s(\d{8})\.txt", entry.filename)
        assert found
        assert found[2].startswith(found[1])
        assert entry.date_time == (2026, 1, 1, 0, 0, 0)
        assert entry.external_attr >> 16 == 0o100644


def test_the_split_file_is_mimics_and_by_subject(corpus):
    out, summary = corpus
    rows = rows_of(out / SPLIT)
    assert list(rows[0]) == ["dicom_id", "study_id", "subject_id", "split"]
    assert len({row["dicom_id"] for row in rows}) == len(rows) == summary["images"]
    assert all(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{8}){4}", row["dicom_id"]) for row in rows)
    assert set(Counter(row["study_id"] for row in rows).values()) <= {1, 2}
    splits = defaultdict(set)
    for row in rows:
        splits[row["subject_id"]].add(row["split"])
    assert all(len(found) == 1 for found in splits.values())
    assert {split for found in splits.values() for split in found} == {"train", "validate", "test"}


def test_the_truth_has_a_line_for_every_study_and_the_names_of_the_contract(corpus):
    out, _ = corpus
    truth = truth_of(out / TRUTH)
    assert [line["study_id"] for line in truth] == [
        s.study_id for s in generate_studies("B", 400, 9)
    ]
    assert set(truth[0]) == {
        "study_id",
        "subject_id",
        "institution",
        "style",
        "has_prior",
        "observations",
        "impression_observations",
        "findings",
        "impression",
        "quirks",
    }
    stated = [row for line in truth for row in line["observations"].values()]
    assert all(set(row) == {"presence", "sides", "severity", "change"} for row in stated)
    assert {row["presence"] for row in stated} == {"positive", "negative", "uncertain"}


def test_the_summary_counts_what_was_written(corpus):
    out, summary = corpus
    truth = truth_of(out / TRUTH)
    assert summary["reports"] == len(truth) == sum(summary["splits"].values())
    assert summary["subjects"] == len({line["subject_id"] for line in truth})
    assert summary["quirks"] == dict(
        sorted(Counter(quirk for line in truth for quirk in line["quirks"]).items())
    )


def test_about_eight_and_twelve_percent_of_subjects_are_held_out():
    counts = Counter(split_of(str(10_000_000 + n), 2026) for n in range(20_000))
    assert counts["validate"] / 20_000 == pytest.approx(0.08, abs=0.01)
    assert counts["test"] / 20_000 == pytest.approx(0.12, abs=0.01)
