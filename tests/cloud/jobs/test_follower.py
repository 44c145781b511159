from dataclasses import replace

import pytest

from radimpress.cloud.jobs import follower as job_follower
from radimpress.cloud.jobs.follower import Follower, Outcome
from radimpress.cloud.jobs.lines import told
from radimpress.cloud.session import Session
from radimpress.config.cloud import Cloud
from radimpress.modeling.history import LogRecord
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.record_lines import record_line


class Aws(Session):
    """A SageMaker client that answers what it is given, in turn."""

    answers: list

    def client(self, *_, **__):
        return self

    def describe_training_job(self, TrainingJobName):  # noqa: N803
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, secondary, *more = answer
        return {
            "TrainingJobStatus": status,
            "SecondaryStatus": secondary,
            "BillableTimeInSeconds": 7,
            **(more[0] if more else {}),
        }


@pytest.fixture
def follower(monkeypatch):
    session = Aws(Cloud(), "us-east-1", "http://127.0.0.1:9")
    records: list[LogRecord] = []
    follower = Follower(session, "job-1", records.append)
    lines: list[list[str]] = []
    monkeypatch.setattr(follower._log, "new_lines", lambda: lines.pop(0) if lines else [])
    monkeypatch.setattr(job_follower, "LOOPBACK_POLL_S", 0.0)
    follower.records, follower.lines = records, lines  # type: ignore[attr-defined]
    return follower


def answers(follower, *given):
    object.__setattr__(follower.session, "answers", list(given))


def test_a_job_is_followed_to_its_end(follower, capsys):
    answers(
        follower, ("InProgress", "Starting"), ("InProgress", "Training"), ("Completed", "Completed")
    )
    follower.lines.extend(
        [[], [told(record_line(LogRecord(5, 0.5, 1.5)))], [told("trained 5 steps")]]
    )
    assert follower.follow() == Outcome("Completed", "Completed", "", 7)
    assert follower.records == [LogRecord(5, 0.5, 1.5)]
    said = capsys.readouterr().err.splitlines()
    assert said == [
        "job-1: Starting",
        "job-1: Training",
        "job-1: Completed",
        "trained 5 steps",
    ]


def test_lines_that_are_not_ours_are_not_shown(follower, capsys):
    follower.hear("+ python3 --version")
    follower.hear("the patient's words, in a library's traceback")
    assert capsys.readouterr().err == ""


def test_steps_that_a_resumed_training_measures_again_are_recorded_once(follower):
    for step in (5, 10, 5, 10, 15):
        follower.hear(told(record_line(LogRecord(step, 0.1))))
    assert [record.step for record in follower.records] == [5, 10, 15]


def test_a_failure_brings_the_containers_reason(follower):
    reason = {"FailureReason": "AlgorithmError: error: it is full, exit code: 1"}
    answers(follower, ("Failed", "Failed", reason))
    assert follower.follow().reason == reason["FailureReason"]


def test_while_aws_is_out_of_reach_it_waits_and_says_so_once(follower, capsys):
    from botocore.exceptions import EndpointConnectionError

    lost = EndpointConnectionError(endpoint_url="https://x")
    answers(follower, ("InProgress", "Training"), lost, lost, ("Completed", "Completed"))
    assert follower.follow().status == "Completed"
    assert capsys.readouterr().err.count("the job goes on; asking again") == 1


def test_without_its_log_the_job_is_followed_all_the_same(follower, monkeypatch, capsys):
    def refused():
        raise RadimpressError("no rights; next: ask for them")

    monkeypatch.setattr(follower._log, "new_lines", refused)
    answers(follower, ("InProgress", "Training"), ("Completed", "Completed"))
    assert follower.follow().status == "Completed"
    assert capsys.readouterr().err.count("no rights") == 1


def test_after_a_day_without_an_answer_it_gives_up(follower, monkeypatch):
    from botocore.exceptions import EndpointConnectionError

    monkeypatch.setattr(job_follower, "PATIENCE_S", -1.0)
    lost = EndpointConnectionError(endpoint_url="https://x")
    answers(follower, lost, lost)
    with pytest.raises(RadimpressError, match="cannot be reached"):
        follower.follow()


def test_on_a_terminal_progress_is_a_bar_with_the_loss(follower, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    follower = Follower(follower.session, "job-1", lambda _: None)
    follower.hear(told("training: 120/840 (14%), 35 s, ETA 210 s"))
    assert (follower._meter.done, follower._meter.total) == (120, 840)
    follower.hear(told(record_line(LogRecord(120, 0.1, 1.25))))
    assert follower._meter.note == "loss 1.2500"
    follower.hear(told("training: 240/840 (29%), 70 s, ETA 175 s"))
    assert follower._meter.done == 240
    follower._close()


def test_elsewhere_progress_is_a_line(follower, capsys):
    follower.hear(told("training: 120/840 (14%), 35 s, ETA 210 s"))
    assert "ETA 210 s" in capsys.readouterr().err


def test_aws_is_asked_less_often_than_this_machine(follower):
    there = replace(follower.session, endpoint_url=None)
    assert Follower(there, "job-1", lambda _: None).poll_s > follower.poll_s
