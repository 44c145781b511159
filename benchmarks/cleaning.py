"""Cleaning 230,000 reports from one zip as MEDIQA 2021 did.

python benchmarks/cleaning.py            # some five minutes, benchmarks/results/cleaning.json
python benchmarks/cleaning.py --quick    # is everything right?

The archive (some 120 MB) is generated once into the folder for temporary files and kept there:
4,000 generated reports over and over, each time under new ids.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import suite
from mediqa_official import Row, rows_of
from radimpress.config.load import compose
from radimpress.config.schema import Data
from radimpress.corpus.cleaned_corpus import write_cleaned
from radimpress.corpus.corpus_source import main_source
from radimpress.corpus.preparation import Rules, prepare
from radimpress.corpus.report import read_reports
from radimpress.corpus.synthetic import generate_studies
from radimpress.runtime.atomic import whole_file
from radimpress.runtime.progress import track

DISTINCT = 4000


def bench(options: suite.Options) -> list[suite.Race]:
    reports = 600 if options.quick else 230_000
    path = _archive(reports)
    data = compose(["data=mediqa", f"data.path={path}", "data.external.name=null"]).data
    out = Path(tempfile.mkdtemp(prefix="cleaning-")) / "reports.parquet"
    size = f"{reports:,} generated reports, zip of {path.stat().st_size / 1e6:.0f} MB"
    return [
        suite.Race(
            title="Cleaning: zip to rows in memory, one process",
            input=size,
            contestants=(
                suite.Contestant("radimpress", partial(_rows, data), suite.Role.ours),
                suite.Contestant("official preparation, re-created", partial(rows_of, path)),
                suite.Contestant(
                    "reading every entry with zipfile", partial(_read, path), suite.Role.floor
                ),
            ),
            check=_equal_rows,
            limit="inflating every entry",
            reaches=(
                suite.Reach("official preparation, re-created", at_least=2.4),
                suite.Reach("reading every entry with zipfile", at_most=1.2),
            ),
        ),
        suite.Race(
            title="Cleaning: the whole stage, zip to sorted Parquet",
            input=size,
            contestants=(
                suite.Contestant(
                    "radimpress, one process", partial(_stage, data, out, 1), suite.Role.ours
                ),
                suite.Contestant("radimpress, two processes", partial(_stage, data, out, 2)),
                suite.Contestant(
                    "official preparation, re-created, to JSON lines",
                    partial(_official_file, path, out.with_suffix(".jsonl")),
                ),
            ),
            check=_equal_files,
            limit="reading, inflating and compressing every row",
            clock=suite.Clock.wall,
            notes=(
                "The first process reads the bytes of the archive, once; both inflate and parse.",
            ),
        ),
    ]


def _archive(reports: int) -> Path:
    path = Path(tempfile.gettempdir()) / f"radimpress-benchmark-{reports}.zip"
    if not path.is_file():
        raw = [study.raw for study in generate_studies("B", min(DISTINCT, reports), 2026)]
        with whole_file(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
            texts = islice(cycle(raw), reports)
            for number, text in enumerate(track(texts, "archive", reports)):
                subject, study = 10_000_000 + number // 4, 50_000_000 + number
                name = f"files/p{subject // 10**6}/p{subject}/s{study}.txt"
                archive.writestr(name, text, zipfile.ZIP_DEFLATED)
    return path


def _rows(data: Data) -> list[Row]:
    source = main_source(data)
    rules = Rules(source.name, data.profile, data.cleaning)
    rows: list[Row] = []
    for chunk in source.read(data.cleaning.max_report_bytes).chunks:
        rows += [(row[0], *row[3:]) for row in prepare(rules, chunk).kept]
    return sorted(rows)


def _read(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(len(archive.read(name)) for name in archive.namelist())


def _stage(data: Data, out: Path, workers: int) -> str:
    source = main_source(data)
    rules = Rules(source.name, data.profile, data.cleaning)
    write_cleaned(source, rules, None, out, workers)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def _official_file(path: Path, out: Path) -> Path:
    with out.open("w", encoding="utf-8") as stream:
        for row in rows_of(path):
            stream.write(json.dumps(row) + "\n")
    return out


def _equal_rows(outputs: dict[str, Any]) -> list[str]:
    ours, theirs, _ = outputs.values()
    if ours != theirs:
        raise suite.UnequalError(f"{len(ours)} rows against {len(theirs)}, or other texts")
    return [f"all {len(ours):,} rows are identical to the letter"]


def _equal_files(outputs: dict[str, Any]) -> list[str]:
    one, two, theirs = outputs.values()
    if one != two:
        raise suite.UnequalError("two processes write other bytes than one")
    parquet = next(theirs.parent.glob("*.parquet"))
    lines = theirs.read_text(encoding="utf-8").splitlines()
    for report, line in zip(read_reports(parquet), lines, strict=True):
        if [report.study_id, report.background, report.findings, report.impression] != json.loads(
            line
        ):
            raise suite.UnequalError(f"study {report.study_id} differs")
    return ["one and two processes: the same bytes; every row identical to the official one"]


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    suite.main(__doc__, bench, ["pyarrow"])
