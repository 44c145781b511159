from typer.testing import CliRunner

from radimpress.cli import app
from radimpress.cloud.sweeps.space import Strategy
from radimpress.commands.sweep import How, Where


def test_a_dry_run_prints_the_commands_of_the_queue():
    ran = CliRunner().invoke(
        app, ["sweep", "training.batch_size=16,32", "--dry-run", "--parallel", "2"]
    )
    assert ran.exit_code == 0
    assert ran.stdout.splitlines() == [
        "dvc exp run --queue -S training.batch_size=16,32",
        "dvc queue start --jobs 2",
    ]


def test_a_dry_run_says_what_the_tuning_job_would_cost(root, monkeypatch):
    monkeypatch.chdir(root)
    ran = CliRunner().invoke(
        app,
        [
            *("sweep", "compute=sagemaker_cpu", "training.batch_size=16,32"),
            *("--dry-run", "--target", "sagemaker"),
        ],
    )
    assert ran.exit_code == 0
    assert "2 trainings, 1 at a time: at most $" in ran.stdout


def test_the_words_of_the_command_line_are_those_of_the_package():
    assert [one.value for one in How] == [one.value for one in Strategy]
    assert [one.value for one in Where] == ["local", "sagemaker"]
