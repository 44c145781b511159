"""Rule 4: the whole pipeline over canary strings, then a search of everything it wrote.

Each report of this credentialed corpus carries four words that exist nowhere else: in its findings,
its impression, its background and its patient id. Outside data/, models/, reports/predictions/ and
DVC's cache of those, no byte of them may be found, compressed or not.
"""

import csv
import gzip
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from radimpress.corpus.synthetic import pairs

pytestmark = pytest.mark.slow  # a pipeline of its own
CANARY = re.compile(rb"(?i)zq(find|impr|back|subj)\w*")
PRIVATE = ("data/", "models/", "reports/predictions/", ".dvc/cache/files/")
SOURCES = ("tests/", ".git/")  # not written by the pipeline; these tests hold canaries themselves
OVERRIDES = [
    "experiment=smoke",
    "data=csv",
    "data.access=credentialed",
    "data.path=private.csv",
    "data.columns.background=[background]",
    "data.limit=null",
    "compute.threads=1",
]


def write_canaries(path, reports=160):
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["study_id", "subject_id", "background", "findings", "impression"])
        for n, report in enumerate(pairs("B", reports, 3)):
            writer.writerow(
                [
                    f"s{n}",
                    f"zqsubj{n // 2}",
                    f"{report.background} zqback{n}",
                    f"{report.findings} Seen is zqfind{n}.",
                    f"{report.impression} Also zqimpr{n}.",
                ]
            )
        writer.writerow(["short", "zqsubjshort", "", "zqfindshort", "zqimprshort"])


@pytest.fixture(scope="module")
def private(make_clone):
    clone = make_clone("private", OVERRIDES)
    write_canaries(clone.root / "private.csv")
    (clone.root / ".git" / "info" / "exclude").write_text("private.csv\n")
    done = clone.run("dvc", "repro")
    (clone.root / "stage.log").write_text(done.stdout + done.stderr)
    return clone


def searched(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not name.startswith((*PRIVATE, *SOURCES)) and name != "private.csv":
            yield path


def contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and of what is packed in it."""
    raw = path.read_bytes()
    yield raw
    if raw[:4] == b"PAR1":
        yield repr(pq.read_table(path).to_pylist()).encode()
    elif raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    elif raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def leaks(root: Path) -> dict[str, bytes]:
    """Where a canary was found, and which."""
    return {
        path.relative_to(root).as_posix(): found[0]
        for path in searched(root)
        for content in contents(path)
        if (found := CANARY.search(content))
    }


def test_the_search_finds_canaries_where_they_may_be(private):
    found = [
        path
        for path in (private.root / "data").rglob("*.parquet")
        if any(map(CANARY.search, contents(path)))
    ]
    assert {p.name for p in found} >= {"reports.parquet", "train.parquet", "test.parquet"}


def test_no_report_text_and_no_patient_is_found_anywhere_else(private):
    paths = list(searched(private.root))
    names = {p.relative_to(private.root).as_posix() for p in paths}
    assert {"reports/metrics.json", "reports/report.html", "mlruns/mlflow.db", "stage.log"} <= names
    assert leaks(private.root) == {}


def test_promotion_comparison_and_lineage_keep_it_private(private):
    judged = private.run("radimpress", "promote", check=False)
    assert "FAIL" in judged.stdout  # the model of a smoke run is good for nothing
    said = [
        judged,
        private.run("radimpress", "compare", "finetuned", "retrieval"),
        private.run("radimpress", "compare", "finetuned", "retrieval", "--json"),
        private.run("radimpress", "lineage", "challenger", check=False),
    ]
    log = "".join(done.stdout + done.stderr for done in said)
    (private.root / "promotion.log").write_text(log)
    assert leaks(private.root) == {}


def test_words_of_the_findings_are_not_in_the_page_or_the_store(private):
    """Canaries are rare words; whole sentences must be absent too."""
    for name in ("reports/report.html", "mlruns/mlflow.db", "reports/metrics.json"):
        page = (private.root / name).read_bytes()
        for report in pairs("B", 160, 3):
            for part in report.findings.split(". "):
                if len(part.split()) >= 6:
                    assert part.encode() not in page, name
    assert any(
        len(part.split()) >= 6 for r in pairs("B", 160, 3) for part in r.findings.split(". ")
    )


BROKEN = [
    ("data.columns.findings=nosuch", "clean"),
    ("data.format=jsonl", "clean"),
    ("data.cleaning.min_findings_words=900", "clean"),
    ("data.split.test=0.0001", "split"),
]


@pytest.mark.parametrize(("override", "stage"), BROKEN)
def test_errors_do_not_quote_reports(private, override, stage):
    done = private.run("python", f"pipelines/{stage}.py", *OVERRIDES, override, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert CANARY.search((done.stdout + done.stderr).encode()) is None


def test_asking_to_log_text_is_refused_before_anything_runs(private):
    done = private.run(
        "python", "pipelines/clean.py", *OVERRIDES, "tracking.log_text=true", check=False
    )
    assert (
        "tracking.log_text: report text of a credentialed corpus may not be logged" in done.stderr
    )
