import pytest

from radimpress.cloud.sweeps import tuning_jobs
from radimpress.cloud.sweeps.tuning_jobs import Tuning
from radimpress.runtime.errors import RadimpressError


def test_names_keep_to_32_characters_and_the_project():
    start = tuning_jobs.prefix("a-project-of-25-characters", "0123456789abcdef")
    assert start == "a-project-of-sweep-0123456789-"
    assert len(start + "12") <= 32


def test_nothing_is_found_in_an_empty_account(session):
    assert tuning_jobs.find(session, "radimpress-sweep-0-", "0") == (None, 1)


def test_a_failure_shows_what_a_training_said():
    failed = Tuning("sweep", "Failed", "All training jobs failed")
    with pytest.raises(RadimpressError, match="the loss is not finite"):
        tuning_jobs.refuse_failed(failed, ["the loss is not finite"])


def test_a_stopped_one_is_no_result():
    with pytest.raises(RadimpressError, match="was stopped"):
        tuning_jobs.refuse_failed(Tuning("sweep", "Stopped"), [])
    tuning_jobs.refuse_failed(Tuning("sweep", "Completed"), [])


def test_stopping_what_is_gone_says_so(session):
    with pytest.raises(RadimpressError, match="stop radimpress-sweep-0-1"):
        tuning_jobs.stop(session, "radimpress-sweep-0-1")
