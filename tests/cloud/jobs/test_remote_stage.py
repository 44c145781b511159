from dataclasses import replace
from types import SimpleNamespace

import pytest

from radimpress.cloud.jobs import remote_stage as jobs
from radimpress.cloud.jobs.follower import Outcome
from radimpress.cloud.jobs.identity import identity
from radimpress.cloud.jobs.request import job_request
from radimpress.cloud.jobs.search import read_job
from radimpress.cloud.session import open_session
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def outcomes(monkeypatch):
    """How the next jobs end; nothing is created."""
    given = []
    monkeypatch.setattr(jobs, "_job", lambda *_: read())
    monkeypatch.setattr(jobs, "_watch", lambda *_: given.pop(0))
    return given


AWS = SimpleNamespace(is_loopback=False)


def read():
    from radimpress.cloud.jobs.search import Started

    return Started("job-1", "arn", 1, "InProgress", "", "s3://b/x/", {})


def ended(remote, spot=True):
    job = replace(remote.compute.job, spot=spot, spot_attempts=3)
    config = replace(remote, compute=replace(remote.compute, job=job))
    return jobs._finished(AWS, config, None, lambda _: None)


LOST = Outcome("Stopped", "MaxWaitTimeExceeded")


def test_a_lost_spot_machine_is_replaced(remote, outcomes):
    outcomes.extend([LOST, LOST, Outcome("Completed", "Completed")])
    assert ended(remote).name == "job-1"


def test_after_so_many_it_gives_up(remote, outcomes):
    outcomes.extend([LOST] * 3)
    with pytest.raises(RadimpressError, match="3 jobs got no spot machine, or lost it"):
        ended(remote)


LACKING = Outcome("Failed", "Failed", "CapacityError: Unable to provision requested ML compute")


def test_where_aws_has_no_spot_machine_it_asks_again_after_a_while(remote, outcomes, monkeypatch):
    waited = []
    monkeypatch.setattr(jobs.time, "sleep", waited.append)
    outcomes.extend([LACKING, LOST, Outcome("Completed", "Completed")])
    assert ended(remote).name == "job-1"
    assert waited == [jobs.NO_MACHINE_WAIT_S]


@pytest.mark.parametrize("outcome", [LACKING, LOST])
def test_without_spot_nothing_is_tried_again(remote, outcomes, outcome):
    outcomes.append(outcome)
    with pytest.raises(RadimpressError, match=r"got no machine: CapacityError|was stopped"):
        ended(remote, spot=False)


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (
            Outcome("Failed", "Failed", "AlgorithmError: it is full"),
            "failed: AlgorithmError: it is",
        ),
        (Outcome("Failed", "Failed"), "AWS gives no reason"),
        (Outcome("Stopped", "MaxRuntimeExceeded"), r"after compute\.job\.max_hours"),
        (Outcome("Stopped", "Stopped"), "was stopped; next: run the same again"),
    ],
)
def test_any_other_end_is_told(remote, outcomes, outcome, words):
    outcomes.append(outcome)
    with pytest.raises(RadimpressError, match=words):
        ended(remote)


def test_a_name_that_is_taken_means_that_somebody_else_started_it(remote, loopback, capsys):
    session = open_session(remote.cloud)
    who = identity(remote, "train")
    request = job_request(session, remote, who, 1, {})
    session.client("sagemaker").create_training_job(**request)
    assert jobs.start(session, remote, who, 1).name == request["TrainingJobName"]
    assert "was started elsewhere a moment ago: attached to it" in capsys.readouterr().err
    assert loopback.calls["sagemaker:CreateTrainingJob"] == 2
    assert read_job(session, request["TrainingJobName"], 1).is_running


def test_a_lack_of_quota_is_one_line(remote, loopback):
    session = open_session(remote.cloud)
    loopback.faults.refuse("CreateTrainingJob", "ResourceLimitExceeded", "the limit is 0 Instances")
    with pytest.raises(RadimpressError, match="ask for a higher quota"):
        jobs.start(session, remote, identity(remote, "train"), 1)


def test_ctrl_c_is_answered_and_goes_on_up(remote, monkeypatch):
    asked = []

    class Interrupted:
        def __init__(self, *_):
            pass

        def follow(self):
            raise KeyboardInterrupt

    monkeypatch.setattr(jobs, "Follower", Interrupted)
    monkeypatch.setattr(jobs, "interrupted", lambda _, job, choice: asked.append((job, choice)))
    with pytest.raises(KeyboardInterrupt):
        jobs._watch(None, remote, "job-1", lambda _: None)
    assert asked == [("job-1", remote.compute.job.on_interrupt)]
