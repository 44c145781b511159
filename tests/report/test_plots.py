"""The CSV files that `dvc plots` draws."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from radimpress.metrics.score import Scores
from radimpress.metrics.significance import Estimate
from radimpress.report.plots import write_plots


def scores(value, pieces=("all",)):
    found = {piece: {"rougeL": Estimate(value, 0, 1, 7)} for piece in pieces}
    return Scores((), {}, found)


def test_systems_and_slices_are_rows_and_an_absent_metric_is_blank(tmp_path):
    by_system = {
        "constant": {"test": scores(0.25)},
        "finetuned": {"test": scores(0.5, ("all", "normal")), "test_openi": scores(0.125)},
    }
    write_plots(tmp_path / "plots", by_system, "finetuned")
    assert (tmp_path / "plots" / "systems.csv").read_text().splitlines() == [
        "system,rougeL,clinical_f1_micro,hallucination_rate,omission_rate,contradiction_rate,"
        "side_flip_rate",
        "constant,0.250000,,,,,",
        "finetuned,0.500000,,,,,",
        "finetuned on openi,0.125000,,,,,",
    ]
    assert (tmp_path / "plots" / "slices.csv").read_text().splitlines() == [
        "slice,n,rougeL,clinical_f1_micro",
        "all,7,0.500000,",
        "normal,7,0.500000,",
        "all on openi,7,0.125000,",
    ]


def test_files_of_an_earlier_run_are_gone(tmp_path):
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "old.csv").write_text("x")
    write_plots(tmp_path / "plots", {"finetuned": {"test": scores(1.0)}}, "finetuned")
    assert sorted(p.name for p in (tmp_path / "plots").iterdir()) == ["slices.csv", "systems.csv"]


def test_dvc_draws_them_with_our_bars_that_start_at_zero(tmp_path, root):
    def run(*command):
        binary = Path(sys.executable).with_name(command[0])
        program = str(binary) if binary.exists() else command[0]
        done = subprocess.run(
            [program, *command[1:]],
            cwd=tmp_path,
            env={**os.environ, "DVC_NO_ANALYTICS": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    run("git", "init", "--quiet")
    run("dvc", "init", "--quiet")
    shutil.copytree(root / ".dvc" / "plots", tmp_path / ".dvc" / "plots")
    by_system = {"constant": {"test": scores(0.25)}, "finetuned": {"test": scores(0.5)}}
    write_plots(tmp_path / "plots", by_system, "finetuned")
    shown = run(
        *("dvc", "plots", "show", "plots/systems.csv", "--template", "bars"),
        *("-x", "rougeL", "-y", "system", "--show-vega"),
    )
    drawing = json.loads(shown)
    assert [row["system"] for row in drawing["data"]["values"]] == ["constant", "finetuned"]
    assert drawing["encoding"]["x"]["scale"] == {"zero": True}
    assert drawing["encoding"]["y"]["field"] == "system"
