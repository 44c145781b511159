"""The training benchmark at toy size: its contestants learn the same from the same pairs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "benchmarks/training.py"


@pytest.mark.rehearsal
@pytest.mark.slow
def test_ours_learns_what_the_peer_learns_and_both_are_timed():
    done = subprocess.run(
        [sys.executable, PROGRAM, "--quick", "--json"], capture_output=True, text=True, check=True
    )
    [table] = json.loads(done.stdout)["tables"]
    roles = [row["role"] for row in table["contestants"]]
    assert roles == ["ours", "peer", "peer", "peer", "ours"]  # the last in bf16
    assert all(row["cpu"]["median"] > 0 for row in table["contestants"])
    assert "held-out loss after the same pairs" in table["equal"][0]
    assert table["limit"]["seconds"] > 0
