"""The load test itself, for a quick look and without a peer: is every answer right, and counted?"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_a_quick_load_loses_nothing_sheds_what_is_too_much_and_stays_flat(
    root: Path, model_folder: Path, tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            *(sys.executable, str(root / "benchmarks" / "serving.py"), "--quick", "--json"),
            *("--model", str(model_folder), "--peers"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {row["server"] for row in result["rounds"]} == {"radimpress", "radimpress + statements"}
    assert {row["clients"] for row in result["rounds"]} == {1, 8}
    assert sum(row["failed"] for row in result["rounds"]) == 0
    assert all(row["requests"] > 0 for row in result["rounds"])
    assert [each["clients"] for each in result["limit"]["share"]] == [1, 8]
    assert all(0 < each["median"] < 2 for each in result["limit"]["share"])
    assert set(result["overload"]["statuses"]) == {"200", "429"}
    assert len(result["memory"]["resident_mb"]) == 10
