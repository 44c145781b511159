"""The page of times says what the results say."""

import json
import subprocess
import sys

RESULT = {
    "format": 1,
    "name": "toy",
    "about": "A toy.",
    "command": "python benchmarks/toy.py",
    "date": "2026-11-23",
    "machine": {
        "processor": "P", "cores": 2, "flags": ["avx2"], "memory_gib": 8.0, "load_average": 0.1,
    },
    "versions": {"python": "3.11.7"},
    "tables": [
        {
            "kind": "race", "title": "Toy", "input": "one number", "clock": "cpu", "rounds": 3,
            "equal": ["all equal"],
            "contestants": [
                {
                    "name": name, "role": role, "share": share,
                    "cpu": {"median": cpu}, "wall": {"median": cpu},
                    "ratio": {"cpu": {"median": ratio, "min": ratio, "max": ratio}},
                }
                for name, role, share, cpu, ratio in (
                    ("ours", "ours", 1.0, 0.5, 1.0), ("peer", "peer", 0.25, 5.0, 10.0),
                )
            ],
            "limit": {"is": "none", "seconds": 0.25},
            "reaches": [
                {"against": "peer", "at_least": 11, "at_most": None, "seen": 10, "reached": False}
            ],
            "notes": [],
        },
        {"kind": "facts", "title": "F", "columns": ["a"], "rows": [["1"]], "notes": ["so it is"]},
    ],
}  # fmt: skip


SERVING = {
    "date": "2026-11-23",
    "machine": RESULT["machine"] | {"threads": 2},
    "versions": {"mlflow": "3"},
    "ratios": [
        {
            "peer": "P", "clients": 8,
            "rps": {"median": 4.0, "min": 3.0, "max": 5.0},
            "p95": {"median": 0.5, "min": 0.4, "max": 0.6},
        },
    ],
    "reaches": [{"against": "P at 8 clients", "at_least": 5.0, "seen": 4.0, "reached": False}],
    "limit": {
        "is": "the engine", "seconds": None,
        "share": [{"clients": 8, "median": 0.5, "min": 0.4, "max": 0.6}],
    },
}  # fmt: skip


def page_of(root, file, result):
    file.write_text(json.dumps(result))
    code = (
        f"import sys; sys.path.insert(0, {str(root / 'pipelines')!r})\n"
        "from pathlib import Path\nimport performance_page\n"
        f"print(performance_page.page([Path({str(file)!r})]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_race_a_table_of_facts_and_the_machine_are_shown(root, tmp_path):
    lines = page_of(root, tmp_path / "toy.json", RESULT)
    assert "| peer (measured on 0.25 of it) | 5 | 5 | 10.0x ours (10.0 to 10.0) |" in lines
    assert "- limit: none: 0.25 s, ours is 2.00x it" in lines
    assert "- at least 11.0x as fast as peer: 10.0, NOT reached" in lines
    assert "| 1 |" in lines
    assert "*2026-11-23, P, 2 cores, avx2, 8.0 GiB, load 0.1; python 3.11.7*" in lines


def test_the_load_test_is_shown_with_its_limit_and_its_machine(root, tmp_path):
    lines = page_of(root, tmp_path / "serving.json", SERVING)
    assert "| P | 8 | 4.00 (3.00 to 5.00) | 0.50 (0.40 to 0.60) |" in lines
    assert "- limit: the engine" in lines
    assert "- at least 5.00x as fast as P at 8 clients: 4.00, NOT reached" in lines
    assert any("with 8 at once, ours answers 50% (40% to 60%)" in line for line in lines)
    assert "*2026-11-23, P, 2 cores, avx2, 8.0 GiB, load 0.1; mlflow 3*" in lines


def test_the_committed_page_is_the_one_that_the_committed_results_make(root):
    program = root / "pipelines" / "performance_page.py"
    done = subprocess.run([sys.executable, str(program), "--check"], cwd=root, check=False)
    assert done.returncode == 0
