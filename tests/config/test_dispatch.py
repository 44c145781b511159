from dataclasses import replace

import pytest

from radimpress.config.dispatch import IN_JOB, runs_elsewhere
from radimpress.config.job import Job, Place


@pytest.fixture
def remote(config):
    job = Job(stages=["train"])
    return replace(config, compute=replace(config.compute, place=Place.sagemaker, job=job))


def test_here_nothing_runs_elsewhere(config):
    assert not runs_elsewhere(config, "train")


def test_the_named_stages_run_elsewhere(remote):
    assert runs_elsewhere(remote, "train")
    assert not runs_elsewhere(remote, "generate")


def test_in_the_job_itself_the_stage_is_computed(remote, monkeypatch):
    monkeypatch.setenv(IN_JOB, "job-1")
    assert not runs_elsewhere(remote, "train")


def test_jumpstart_trains_and_does_nothing_else(remote):
    jumpstart = replace(remote, compute=replace(remote.compute, place=Place.jumpstart))
    assert runs_elsewhere(jumpstart, "train")
    assert not runs_elsewhere(jumpstart, "generate")
