"""Each benchmark program runs, and its contestants agree, on a small input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def quick(name, timeout):
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / f"{name}.py"), "--quick", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["intervals", "cleaning", "startup"])
def test_a_small_race_finds_equal_outputs(name):
    tables = quick(name, 120)["tables"]
    assert tables
    for table in tables:
        assert table["equal"]
        assert table["contestants"][0]["role"] == "ours"


@pytest.mark.slow
def test_rouge_equals_rouge_score_torchmetrics_and_evaluate():
    pytest.importorskip("torchmetrics")
    (table,) = quick("rouge", 200)["tables"]
    assert "largest difference 0" in table["equal"][0]


@pytest.mark.slow
def test_every_step_that_grows_can_be_measured():
    (table,) = quick("growth", 290)["tables"]
    assert [row[0] for row in table["rows"]] == [
        *("cleaning", "training", "generation", "ROUGE", "bootstrap", "report")
    ]
