"""What a user types, in processes of their own: output, exit status, one-line errors."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from radimpress.cli import COMMANDS

BIN = Path(sys.executable).parent / "radimpress"
RAW = """                                 FINAL REPORT
 EXAMINATION:  CHEST (PA AND LAT)

 INDICATION:  ___ year old woman with cough.

 FINDINGS:

 There is a small left pleural effusion.  No pneumothorax.

 IMPRESSION:

 Small left pleural effusion.
"""


@pytest.fixture
def radimpress(root):
    def run(*arguments, stdin=None, cwd=root):
        return subprocess.run(
            [str(BIN), *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=cwd,
            check=False,
        )

    return run


def test_help_teaches_every_command(radimpress):
    shown = radimpress("--help").stdout
    names = [place.partition(":")[2] for places in COMMANDS.values() for place in places]
    assert len(names) >= 14
    for name in names:
        assert name in shown
        page = radimpress(name, "--help")
        assert page.returncode == 0
        assert len(page.stdout) > 200


def test_the_version_is_printed(radimpress):
    assert radimpress("--version").stdout == "0.1.0\n"


def test_sections_of_a_file_and_of_standard_input(radimpress, tmp_path):
    path = tmp_path / "s1.txt"
    path.write_text(RAW)
    found = json.loads(radimpress("sections", path).stdout)
    assert list(found) == ["background", "findings", "impression", "dropped"]
    assert found["findings"] == "There is a small left pleural effusion. No pneumothorax."
    assert found["impression"] == "Small left pleural effusion."
    assert found["dropped"] is None
    assert json.loads(radimpress("sections", "-", stdin=RAW).stdout) == found
    official = json.loads(radimpress("sections", path, "--profile", "mediqa").stdout)
    assert official["impression"] == "Small left pleural effusion."


def test_sections_say_why_a_report_is_dropped(radimpress):
    found = json.loads(radimpress("sections", "-", stdin="                FINAL REPORT\n").stdout)
    assert found["dropped"]


def test_synthesize_writes_the_same_bytes_twice(radimpress, tmp_path):
    for name in ("a", "b"):
        done = radimpress("synthesize", tmp_path / name, "--reports", 20, "--seed", 5)
        assert done.returncode == 0, done.stderr
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert "mimic-cxr-reports.zip" in files
    assert all(
        (tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files
    )


def test_score_prints_a_table_or_json(radimpress, tmp_path):
    path = tmp_path / "out.jsonl"
    row = {
        "findings": "Small left effusion.",
        "impression": "Left effusion.",
        "prediction": "Left effusion.",
    }
    path.write_text((json.dumps(row) + "\n") * 3)
    assert "ROUGE-L" in radimpress("score", path).stdout
    found = json.loads(radimpress("score", path, "--json").stdout)
    assert found["slices"]["all"]["rougeL"]["value"] == 1.0
    assert found["slices"]["all"]["rougeL"]["n"] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sections", "nosuch.txt"], "error: nosuch.txt cannot be read"),
        (["score", "nosuch.jsonl"], "error: nosuch.jsonl is missing"),
        (["synthesize", "/tmp/never", "--institution", "Z"], "error: "),
        (["summarize", "No effusion.", "--model", "nosuch"], "error: "),
        (["summarize", "nosuch.jsonl"], "error: nosuch.jsonl is missing"),
        (["promote", "--reason", "why"], "error: --reason was given without --override"),
        (["promote", "--override", "score"], "error: --override score needs a reason"),
    ],
)
def test_a_mistake_is_one_line_with_the_next_step(radimpress, arguments, message):
    done = radimpress(*arguments)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(message)
    assert "; next: " in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["verify", "doctor", "compare", "promote", "rollback"])
def test_outside_a_repository_commands_say_where_to_go(radimpress, tmp_path, command):
    done = radimpress(command, cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_an_unknown_option_is_a_usage_error(radimpress):
    assert radimpress("score", "--nosuch").returncode == 2


def test_a_closed_pipe_is_no_error(root):
    line = ["sh", "-c", f"{BIN} --help | head -1"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=root, check=False)
    assert "Traceback" not in done.stderr
