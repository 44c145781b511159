"""Time and memory at 1, 4 and 16 times the input, of every step that grows with a corpus.

python benchmarks/growth.py            # some five minutes, benchmarks/results/growth.json
python benchmarks/growth.py --quick    # is everything right?

Each step and size is a process of its own. Seconds are CPU without start-up and loading; the peak
is that of the step, in the whole process, libraries and input included: what counts is how it
changes from left to right.
"""

import argparse
import json
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

import suite

FACTORS = (1, 4, 16)
SMOKE = ("experiment=smoke", "training.max_steps=-1", "training.epochs=1", "training.evaluations=1")


def cleaning(size: int, folder: Path) -> Callable[[], object]:
    """Zip to Parquet, profile robust, duplicates dropped."""
    from radimpress.config.load import compose
    from radimpress.corpus.cleaned_corpus import write_cleaned
    from radimpress.corpus.corpus_source import main_source
    from radimpress.corpus.preparation import Rules
    from radimpress.corpus.synthetic import generate_studies

    path = folder / "reports.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for study in generate_studies("B", size, 5):
            archive.writestr(f"p{study.subject_id}/s{study.study_id}.txt", study.raw)
    data = compose([f"data.path={path}"]).data
    rules = Rules("synthetic", data.profile, data.cleaning)
    return lambda: write_cleaned(main_source(data), rules, None, folder / "out.parquet", 1)


def training(size: int, folder: Path) -> Callable[[], object]:
    """One epoch of a tiny T5, checkpoints and all."""
    from radimpress.config.load import compose
    from radimpress.corpus.report import write_reports
    from radimpress.corpus.synthetic import pairs
    from radimpress.modeling.train_stage import train_model

    config = compose([*SMOKE, "generation.omissions=leave"])
    reports = pairs("B", size + 40, 6)
    write_reports(folder / "splits" / "train.parquet", reports[40:])
    write_reports(folder / "splits" / "validation.parquet", reports[:40])
    model = _model(folder)
    return lambda: train_model(config, model, folder / "splits", folder / "out", folder / "h")


def generation(size: int, folder: Path) -> Callable[[], object]:
    """Impressions by transformers in batches, each finding another."""
    from radimpress.corpus.synthetic import pairs
    from radimpress.modeling.summarizer import Summarizer

    findings = [f"{number} {r.findings}" for number, r in enumerate(pairs("B", size, 7))]
    summarizer = Summarizer.from_folder(_model(folder), "cpu", threads=1)
    return lambda: summarizer.summarize(findings)


def rouge(size: int, _folder: Path) -> Callable[[], object]:
    """Four types with stemmer, findings against impressions."""
    from radimpress.corpus.synthetic import pairs
    from radimpress.metrics.rouge import rouge as score

    reports = pairs("B", size, 8)
    references = [f"{number} {each.findings}" for number, each in enumerate(reports)]
    predictions = [each.impression for each in reports]
    score(references[:10], predictions[:10], stem=True)
    return lambda: score(references, predictions, stem=True)


def bootstrap(size: int, _folder: Path) -> Callable[[], object]:
    """2,000 resamples of 40 columns."""
    from radimpress.metrics.significance import Resampling, resampled_sums

    columns = np.random.default_rng(9).random((size, 40))
    return lambda: resampled_sums(columns, Resampling(2000))


def report(size: int, folder: Path) -> Callable[[], object]:
    """Stage `evaluate`: every score, test, plot and the page, for two systems."""
    from radimpress.config.load import compose
    from radimpress.corpus.report import Prediction, write_predictions, write_reports
    from radimpress.corpus.synthetic import pairs
    from radimpress.report.evaluate_stage import evaluate

    config = compose(["experiment=smoke", "generation.systems=[lead,finetuned]"])
    reports = pairs("B", size, 10)
    write_reports(folder / "splits" / "test.parquet", reports)
    for system in config.generation.compared:
        shifted = [
            Prediction(r.study_id, s.impression)
            for r, s in zip(reports, reports[1:] + reports[:1], strict=True)
        ]
        write_predictions(folder / "reports" / "predictions" / system / "test.parquet", shifted)
    return lambda: evaluate(config, folder / "splits", folder / "reports")


STEPS: dict[str, tuple[Callable[[int, Path], Callable[[], object]], int]] = {
    "cleaning": (cleaning, 2000),
    "training": (training, 500),
    "generation": (generation, 100),
    "ROUGE": (rouge, 2000),
    "bootstrap": (bootstrap, 1000),
    "report": (report, 250),
}


def bench(options: suite.Options) -> list[suite.Facts]:
    rows = []
    for name, (_, size) in STEPS.items():
        first = max(60, size // 20) if options.quick else size
        factors = FACTORS[:1] if options.quick else FACTORS
        seen = [
            suite.asked([__file__, "--part", name, "--size", str(first * each)]) for each in factors
        ]
        times = [each["cpu"] for each in seen]
        slope = times[-1] / times[0] / factors[-1]
        rows.append(
            (
                name,
                f"{first:,}",
                *(f"{each:.3g} s" for each in times),
                f"{slope:.2f}",
                *(f"{each['peak_mib']:.0f} MiB" for each in seen),
            )
        )
        suite.say.print(*rows[-1], highlight=False)
    names = [f"{each}x" for each in (FACTORS[:1] if options.quick else FACTORS)]
    return [
        suite.Facts(
            "Growth",
            (
                *("step", "reports at 1x"),
                *(f"CPU at {each}" for each in names),
                "16x against 16 times 1x",
                *(f"peak at {each}" for each in names),
            ),
            rows,
            (
                "Above 1 in the middle column is worse than linear; below, 1x has a fixed cost.",
                "Cleaning keeps ids and a fingerprint of each report, some 1 kB, to find repeated "
                "ones; training, ROUGE, the bootstrap and the report hold their split.",
            ),
        )
    ]


def _model(folder: Path) -> Path:
    """A tiny foundation; what it writes is of no matter."""
    from radimpress.config.load import compose
    from radimpress.modeling.foundation import make_foundation

    make_foundation(compose(list(SMOKE)), folder / "foundation")
    return folder / "foundation"


def _part(name: str, size: int) -> None:
    os.environ["DVC_ROOT"] = tempfile.mkdtemp(prefix="growth-")  # checkpoints go there
    with tempfile.TemporaryDirectory() as temporary:
        work = STEPS[name][0](size, Path(temporary))
        Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten (proc(5))
        before = suite.cpu_seconds()
        work()
        spent = suite.cpu_seconds() - before
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"cpu": spent, "peak_mib": peak / 1024}))


if __name__ == "__main__":
    if "--part" in sys.argv:
        parser = argparse.ArgumentParser()
        parser.add_argument("--part")
        parser.add_argument("--size", type=int)
        given = parser.parse_args()
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        _part(given.part, given.size)
    else:
        suite.main(__doc__, bench, ["numpy", "torch", "transformers", "pyarrow"])
