from dataclasses import dataclass, field, replace

import pytest

from radimpress.cloud.jobs import search as job_search
from radimpress.cloud.jobs.identity import Identity
from radimpress.cloud.jobs.search import Started, model_uri, search
from radimpress.runtime.errors import RadimpressError

ME = Identity("radimpress", "train", "k" * 32, "r" * 64)


def job(attempt, status, result=ME.result, reason=""):
    tags = {job_search.RESULT: result, job_search.COMMIT: "c" * 40}
    name = ME.job_name(attempt)
    return Started(name, f"arn:{name}", attempt, status, reason, f"s3://b/{name}/model/", tags)


@pytest.fixture
def account(monkeypatch):
    """What AWS would answer: the jobs, and which outputs are still there."""

    @dataclass
    class Account:
        jobs: list = field(default_factory=list)
        gone: tuple = ()
        trial: str | None = None

    account = Account()
    monkeypatch.setattr(job_search, "noted_trial", lambda *_: account.trial)
    monkeypatch.setattr(job_search, "read_job", lambda _, name, at: job(at, "Completed"))
    monkeypatch.setattr(job_search, "started", lambda *_: iter(account.jobs))
    monkeypatch.setattr(
        job_search, "exists", lambda _, uri: not any(name in uri for name in account.gone)
    )
    return account


def test_the_first_attempt_is_number_one(account):
    found = search(None, ME)
    assert (found.job, found.next_attempt, found.last_failure) == (None, 1, "")


@pytest.mark.parametrize("status", ["InProgress", "Stopping", "Completed"])
def test_a_job_of_this_result_is_attached_to(account, status):
    account.jobs = [job(1, "Failed"), job(2, status)]
    assert search(None, ME).job == account.jobs[1]


def test_a_failed_one_is_not_but_its_reason_is_told(account):
    account.jobs = [job(1, "Completed", "other"), job(2, "Failed", reason="AlgorithmError: x")]
    found = search(None, ME)
    assert (found.job, found.next_attempt) == (None, 3)
    assert found.last_failure == "AlgorithmError: x"


def test_an_older_one_of_this_very_result_will_do(account):
    account.jobs = [job(1, "Completed"), job(2, "Completed", "other")]
    assert search(None, ME).job.attempt == 1


def test_one_whose_output_is_gone_will_not(account):
    account.jobs = [job(1, "Completed")]
    account.gone = (ME.job_name(1),)
    assert search(None, ME).next_attempt == 2


def test_a_sweeps_trial_of_this_result_will_do_too(account):
    account.trial = "the-trial"
    found = search(None, ME)
    assert (found.job.status, found.next_attempt) == ("Completed", 0)
    account.gone = (ME.job_name(0),)
    assert search(None, ME).next_attempt == 1


def test_one_that_runs_with_other_code_is_in_the_way(account):
    account.jobs = [job(1, "InProgress", "other")]
    with pytest.raises(RadimpressError, match="with other code or parameters .commit cccccccccccc"):
        search(None, ME)


def test_output_has_its_place_before_it_is_there():
    told = {"OutputDataConfig": {"S3OutputPath": "s3://b/o/"}, "TrainingJobName": "job-1"}
    assert model_uri(told) == "s3://b/o/job-1/output/model/"


def test_names_that_only_look_alike_are_others(loopback, remote):
    from radimpress.cloud.jobs.identity import identity
    from radimpress.cloud.jobs.request import job_request
    from radimpress.cloud.session import open_session

    session = open_session(remote.cloud)
    me = identity(remote, "train")
    request = job_request(session, remote, me, 7, {})
    client = session.client("sagemaker")
    client.create_training_job(**request)
    client.create_training_job(**(request | {"TrainingJobName": me.prefix + "old-8"}))
    (found,) = job_search.started(session, me)
    assert (found.attempt, found.name) == (7, me.job_name(7))
    assert found.tags[job_search.RESULT] == me.result
    assert replace(found, status="InProgress").is_running
