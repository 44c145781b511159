from dataclasses import replace

from radimpress.cloud.jobs.identity import identity
from radimpress.cloud.sweeps.adoption import note_trial, noted_trial


def test_the_stage_finds_the_trial_that_made_its_result(session, remote):
    who = identity(remote, "train")
    assert noted_trial(session, who) is None
    note_trial(session, who, "radimpress-sweep-0-1-001-0")
    assert noted_trial(session, who) == "radimpress-sweep-0-1-001-0"


def test_another_result_of_the_same_key_is_not_taken(session, remote):
    who = identity(remote, "train")
    note_trial(session, who, "radimpress-sweep-0-1-001-0")
    assert noted_trial(session, replace(who, result="0" * 64)) is None
