import io
from datetime import UTC, datetime, timedelta

from rich.console import Console

from radimpress.cloud.sweeps.trials import read_trials, table

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


class Account:
    """Answers as SageMaker lists the trainings of a tuner."""

    def client(self, service):
        assert service == "sagemaker"
        return self

    def get_paginator(self, operation):
        assert operation == "list_training_jobs_for_hyper_parameter_tuning_job"
        return self

    def paginate(self, **asked):
        def one(name, rate, **more):
            told = {"TrainingJobName": name, "TrainingJobStatus": "Completed"}
            return told | {"TunedHyperParameters": {"training.learning_rate": rate}} | more

        def scored(value):
            times = {"TrainingStartTime": BEGAN, "TrainingEndTime": BEGAN + timedelta(minutes=3)}
            return {"FinalHyperParameterTuningJobObjectiveMetric": {"Value": value}} | times

        failed = {"TrainingJobStatus": "Failed", "FailureReason": "no memory"}
        first = [one("a", "0.1", **scored(2.0)), one("b", '"0.2"', **failed)]
        yield {"TrainingJobSummaries": first}
        yield {"TrainingJobSummaries": [one("c", "0.3", **scored(1.0))]}


def test_the_best_comes_first_and_the_failed_last():
    trials = read_trials(Account(), "sweep")
    assert [(t.job, t.loss, t.minutes, t.reason) for t in trials] == [
        ("c", 1.0, 3.0, ""),
        ("a", 2.0, 3.0, ""),
        ("b", None, None, "no memory"),
    ]
    assert trials[2].values == {"training.learning_rate": "0.2"}


def test_the_table_marks_the_best():
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(table(read_trials(Account(), "sweep"), ["training.learning_rate"]))
    lines = console.export_text().splitlines()
    assert lines[1].split() == ["best", "0.3", "1.00000", "3.0", "c"]
    assert lines[3].split() == ["0.2", "failed", "b"]
