"""How much faster CTranslate2 writes the same impressions than transformers, on this CPU.

python benchmarks/engines.py --model models/finetuned

Every way of asking takes its turn in every round, so that a busy machine is busy for all of them:
read the ratios. Each is a process of its own, because thread counts are fixed when libraries load.
CPU time counts where others share the machine; wall time is what a user waits.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from radimpress.config.serving import Engine
from radimpress.corpus.synthetic import pairs


@dataclass(frozen=True, slots=True)
class Way:
    """An engine, how many reports it is given at once, and its threads."""

    engine: Engine
    batch: int
    threads: int

    def __str__(self) -> str:
        at_once = "one at a time" if self.batch == 1 else f"batches of {self.batch}"
        return f"{self.engine.value}, {at_once}, {self.threads} threads"


WAYS = tuple(
    Way(engine, batch, threads)
    for engine in (Engine.transformers, Engine.ctranslate2)
    for batch in (1, 32)
    for threads in (1, 2)
)


def main() -> None:
    args = _arguments()
    if args.way is not None:
        _measure(args.model, WAYS[args.way], args.reports)
        return
    seen: dict[Way, list[tuple[float, float]]] = {way: [] for way in WAYS}
    texts = set()
    for _ in range(args.rounds):
        for number, way in enumerate(WAYS):
            wall, cpu, digest = _asked(args, number, way)
            seen[way].append((wall, cpu))
            texts.add(digest)
    table = Table("way", "wall ms a report", "CPU ms a report", "reports/s", "times faster")
    base = seen[WAYS[0]]
    for way, times in seen.items():
        wall, cpu = (statistics.median(each[i] for each in times) for i in (0, 1))
        faster = [b[0] / t[0] for b, t in zip(base, times, strict=True)]
        table.add_row(
            str(way),
            f"{wall:.2f}",
            f"{cpu:.2f}",
            f"{1000 / wall:.0f}",
            f"{statistics.median(faster):.1f} ({min(faster):.1f} to {max(faster):.1f})",
        )
    Console().print(table)
    print("every way wrote the same impressions" if len(texts) == 1 else "the impressions differ")
    sys.exit(len(texts) != 1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=Path("models/finetuned"))
    parser.add_argument("--reports", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--way", type=int, help=argparse.SUPPRESS)
    return parser.parse_args()


def _asked(args: argparse.Namespace, number: int, way: Way) -> tuple[float, float, str]:
    threads = str(way.threads)
    done = subprocess.run(
        [
            *(sys.executable, __file__, "--model", str(args.model)),
            *("--reports", str(args.reports), "--way", str(number)),
        ],
        env={
            **os.environ,
            "OMP_NUM_THREADS": threads,
            "MKL_NUM_THREADS": threads,
            "OMP_WAIT_POLICY": "passive",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    wall, cpu, digest = json.loads(done.stdout)
    return wall, cpu, digest


def _measure(model: Path, way: Way, reports: int) -> None:
    from radimpress.config.fingerprint import fingerprint
    from radimpress.modeling.summarizer import Summarizer

    findings = [report.findings for report in pairs("B", reports, seed=2026)]
    summarizer = Summarizer.from_folder(model, "cpu", engine=way.engine, threads=way.threads)
    summarizer.summarize(findings[: way.batch])
    wall, cpu = time.perf_counter(), time.process_time()
    written = [
        each.prediction
        for start in range(0, reports, way.batch)
        for each in summarizer.summarize(findings[start : start + way.batch])
    ]
    spent = [1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)]
    print(json.dumps([*(each / reports for each in spent), fingerprint(written)]))


if __name__ == "__main__":
    main()
