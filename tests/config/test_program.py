import os
import subprocess
import sys

import pytest

from radimpress.config.program import INTERRUPTED, KEPT, pin_threads, run_stage
from radimpress.runtime.errors import RadimpressError


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch, root):
    monkeypatch.chdir(root)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
        monkeypatch.setenv(name, "1")


def failing_with(error):
    def main(config):
        raise error

    return main


def test_without_arguments_a_stage_reads_params_yaml():
    seen = []
    run_stage("about", seen.append, [])
    assert seen[0].data.name == "synthetic"


def test_overrides_compose_conf():
    seen = []
    run_stage("about", seen.append, ["training.epochs=1", "compute.threads=1"])
    assert seen[0].training.epochs == 1
    assert os.environ["OMP_NUM_THREADS"] == "1"


def test_help_prints_the_docstring_and_runs_nothing(capsys):
    run_stage("Stage `x`: does it.", failing_with(AssertionError("ran")), ["--help"])
    assert capsys.readouterr().out == "Stage `x`: does it.\n"


def test_a_mistake_of_the_users_is_one_line():
    with pytest.raises(SystemExit) as caught:
        run_stage("about", failing_with(RadimpressError("x is y; next: z")), [])
    assert caught.value.code == "error: x is y; next: z"


def test_a_typo_is_told_before_anything_runs():
    with pytest.raises(SystemExit) as caught:
        run_stage("about", failing_with(AssertionError("ran")), ["training.lr=1"])
    assert "training.lr" in str(caught.value.code)


def test_ctrl_c_says_that_nothing_is_lost(capsys):
    with pytest.raises(SystemExit) as caught:
        run_stage("about", failing_with(KeyboardInterrupt()), [])
    assert caught.value.code == INTERRUPTED
    assert "run the same again" in capsys.readouterr().err


SWALLOWED = """
import os, signal
try:
    os.kill(os.getpid(), signal.SIGINT)
except BaseException:
    pass
print("went on")
"""


STAGE = """
from radimpress.config.program import run_stage
run_stage("about", lambda config: __import__("library"), [])
"""
COMMAND = """
from radimpress import cli
cli.app = lambda: __import__("library")
cli.main()
"""
IGNORED = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


@pytest.mark.parametrize(
    ("program", "ended"),
    [
        (STAGE, ("", f"{KEPT}\n", INTERRUPTED)),
        (COMMAND, ("", "interrupted\n", INTERRUPTED)),
        (IGNORED + STAGE, ("went on\n", "", 0)),
    ],
    ids=["stage", "command", "ignored"],
)
def test_ctrl_c_is_not_lost_in_an_import(tmp_path, program, ended):
    (tmp_path / "library.py").write_text(SWALLOWED)
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ended


LATE = """
import os, signal
from radimpress.config.program import run_stage

class Late:
    def __del__(self, os=os, signal=signal):
        os.kill(os.getpid(), signal.SIGINT)

late = Late()  # lives until Python has given its signal handlers back
run_stage("about", lambda config: print("done"), [])
"""


def test_ctrl_c_while_a_finished_stage_ends_does_not_fail_it():
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("done\n", "", 0)


@pytest.mark.parametrize(("data", "quoted"), [("synthetic", True), ("mimic_cxr", False)])
def test_a_fault_quotes_its_message_only_for_public_corpora(capsys, data, quoted):
    with pytest.raises(SystemExit) as caught:
        run_stage("about", failing_with(ValueError("Pt. Canary has effusion")), [f"data={data}"])
    shown = capsys.readouterr().err
    assert caught.value.code == 70
    assert ("Canary" in shown) is quoted
    assert "test_program.py" in shown
    assert "fault of radimpress" in shown


@pytest.mark.parametrize("library", ["OMP", "MKL", "RAYON"])
def test_threads_are_pinned_for_every_library_that_would_take_all_cores(library):
    pin_threads(3)
    assert os.environ[f"{library}_NUM_THREADS"] == "3"
