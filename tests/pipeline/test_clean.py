"""The program of stage `clean`, as a person runs it."""

import subprocess
import sys
from pathlib import Path


def test_a_missing_corpus_is_one_line_with_the_next_step(root: Path) -> None:
    program = subprocess.run(
        [sys.executable, "pipelines/clean.py", "data=indiana", "data.path=gone.json"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert program.returncode == 1
    assert program.stdout == ""
    assert program.stderr.splitlines() == [
        "error: gone.json is missing; next: put the corpus there, or name its place with "
        "data.path=... (docs/data-sources.md)"
    ]


def test_help_shows_how_it_is_run(root: Path) -> None:
    program = subprocess.run(
        [sys.executable, "pipelines/clean.py", "--help"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "python pipelines/clean.py data=indiana data.path=x.json" in program.stdout
