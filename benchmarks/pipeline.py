"""What `dvc repro` costs: with nothing to do, with one parameter changed, and cold.

python benchmarks/pipeline.py --rounds 3    # some 10 minutes, benchmarks/results/pipeline.json
python benchmarks/pipeline.py --quick       # the pipeline once, and what an edit makes run again

In a clone of this repository, with conf/experiment/smoke.yaml: the model is so small that what is
left is start-up, imports and bookkeeping.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import suite

ROOT = Path(__file__).resolve().parents[1]
SMOKE = ("python", "pipelines/compose_params.py", "experiment=smoke")
HEAVY = "torch, transformers, datasets, pandas, sklearn, mlflow, peft, rouge_score.rouge_scorer"
STAGES = ("params", "clean", "split", "foundation", "train", "generate", "evaluate")
EDITS = {  # what is changed: the stages that may run again
    "evaluation.bootstrap_samples=150": {"evaluate", "register"},
    "training.max_steps=11": {"train", "generate", "evaluate", "register"},
    "promotion.confidence=0.9": set(),
}
OWN = "DVC with eight empty stages"


def bench(options: suite.Options) -> Iterator[suite.Race | suite.Facts]:
    with _clone() as (finished, temporary):
        _run(finished, "dvc", "repro")
        yield _no_op(finished, _empty_pipeline(temporary / "empty"))
        yield _edits(finished)
        if not options.quick:
            yield _cold(temporary)


def _no_op(finished: Path, empty: Path) -> suite.Race:
    ours = "dvc repro, nothing to do"
    return suite.Race(
        title="Pipeline: nothing to do",
        input="the eight stages of dvc.yaml, finished",
        contestants=(
            suite.Contestant(ours, partial(_run, finished, "dvc", "repro"), suite.Role.ours),
            suite.Contestant(OWN, partial(_run, empty, "dvc", "repro"), suite.Role.floor),
        ),
        check=_nothing_ran,
        limit="what DVC takes for itself",
        reaches=(suite.Reach(ours, seconds=1.5),),
    )


def _nothing_ran(outputs: dict[str, Any]) -> list[str]:
    if ran := [stage for text in outputs.values() for stage in _stages(text)]:
        raise suite.UnequalError(f"stages ran although nothing changed: {ran}")
    return ["no stage ran"]


def _edits(finished: Path) -> suite.Facts:
    """Change one parameter at a time and note what runs."""
    rows = []
    for edit, allowed in EDITS.items():
        _run(finished, *SMOKE)
        _run(finished, "dvc", "repro")
        _run(finished, *SMOKE, edit)
        before = suite.cpu_seconds()
        ran = _stages(_run(finished, "dvc", "repro"))
        spent = suite.cpu_seconds() - before
        if not set(ran) <= allowed:
            raise suite.UnequalError(f"{edit} made {sorted(set(ran) - allowed)} run again")
        rows.append((edit, ", ".join(ran) or "nothing", f"{spent:.1f}"))
    return suite.Facts(
        "Pipeline: one parameter changed", ("changed", "ran again", "CPU seconds"), rows
    )


def _cold(temporary: Path) -> suite.Race:
    numbers = count()

    def fresh() -> Path:
        folder = temporary / f"cold{next(numbers)}"
        _make_clone(folder)
        return folder

    def whole() -> str:
        folder = fresh()
        _run(folder, "dvc", "repro", "evaluate")
        return _metrics(folder)

    def plain() -> str:
        folder = fresh()
        for stage in STAGES:
            program = (
                f"import {HEAVY}, runpy, sys; sys.argv = ['pipelines/{stage}.py']; "
                f"runpy.run_path('pipelines/{stage}.py', run_name='__main__')"
            )
            _run(folder, sys.executable, "-c", program)
        return _metrics(folder)

    return suite.Race(
        title="Pipeline: cold, up to the report",
        input="raw reports to report.html at the size of conf/experiment/smoke.yaml",
        contestants=(
            suite.Contestant("dvc repro evaluate", whole, suite.Role.ours),
            suite.Contestant("plain scripts, heavy imports at the top", plain),
        ),
        check=_same_metrics,
        limit="imports of torch and transformers in the three stages that need them",
        rounds=1,
        notes=(
            f"The plain scripts run the same stages; each begins with import {HEAVY}. "
            "Both contestants also clone the repository.",
        ),
    )


def _same_metrics(outputs: dict[str, Any]) -> list[str]:
    if len(set(outputs.values())) != 1:
        raise suite.UnequalError("reports/metrics.json differs")
    return ["reports/metrics.json is the same, byte for byte"]


@contextmanager
def _clone() -> Iterator[tuple[Path, Path]]:
    temporary = Path(tempfile.mkdtemp(prefix="pipeline-"))
    try:
        _make_clone(temporary / "finished")
        yield temporary / "finished", temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _make_clone(folder: Path) -> None:
    _run(ROOT, "git", "clone", "--quiet", str(ROOT), str(folder))
    _run(folder, *SMOKE)


def _empty_pipeline(folder: Path) -> Path:
    """A DVC repository with as many stages, each of one dependency and one output."""
    folder.mkdir()
    _run(folder, "git", "init", "--quiet")
    _run(folder, "dvc", "init", "--quiet")
    (folder / "0.txt").write_text("0")
    stages = "".join(
        f"  stage{n}:\n    cmd: cp {n}.txt {n + 1}.txt\n"
        f"    deps: [{n}.txt]\n    outs: [{n + 1}.txt]\n"
        for n in range(8)
    )
    (folder / "dvc.yaml").write_text(f"stages:\n{stages}")
    _run(folder, "dvc", "repro", "--quiet")
    return folder


def _metrics(folder: Path) -> str:
    return (folder / "reports" / "metrics.json").read_text(encoding="utf-8")


def _stages(text: str) -> list[str]:
    return re.findall(r"Running stage '(\w+)'", text)


def _run(folder: Path, *command: str) -> str:
    dropped = ("MLFLOW_TRACKING_URI", "DVC_ROOT", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if name not in dropped}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DVC_NO_ANALYTICS": "1",
        "OMP_WAIT_POLICY": "passive",
    }
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)[:200]} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    suite.main(__doc__, bench, ["dvc", "torch", "transformers", "mlflow", "hydra-core"])
