from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from radimpress.cloud.inventory import Inventory, Kind, Resource, view

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=3, hours=5), "3 d"),
    ],
)
def test_ages_are_read_at_a_glance(ago, words):
    made = Resource(Kind.model, "m", "arn", "", 0.0, NOW - ago)
    assert view.age(made, NOW) == words


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.endpoint, "removed"),
        (Kind.training_job, "stopped"),
        (Kind.objects, "emptied; the bucket itself stays"),
    ],
)
def test_what_was_done_is_said_as_it_is(kind, words):
    assert view.gone(Resource(kind, "x", "arn", "")) == words


def test_the_table_says_what_is_there_and_what_it_costs():
    endpoint = Resource(Kind.endpoint, "e", "arn", "InService", 0.5, NOW - timedelta(hours=3))
    strange = Resource(Kind.training_job, "j", "arn", "InProgress", None)
    console = Console(width=100, record=True)
    console.print(view.as_table([endpoint, strange], NOW))
    lines = [line.split() for line in console.export_text().splitlines()]
    assert lines[1] == ["endpoint", "e", "InService", "3", "h", "0.500", "365.00"]
    assert lines[2] == ["training", "job", "j", "InProgress", "?", "?"]


def test_names_are_whole_in_eighty_columns():
    names = [f"radimpress-v1-95d5c30a-946d1fcf4ae9-{last}" for last in ("golden", "errors")]
    alarms = [Resource(Kind.alarm, name, "arn", "INSUFFICIENT_DATA", 0.1, NOW) for name in names]
    console = Console(width=80, record=True)
    console.print(view.as_table(alarms, NOW))
    lines = [line.split() for line in console.export_text().splitlines()]
    for row, name in ((1, names[0]), (3, names[1])):
        assert lines[row][1] + lines[row + 1][0] == name


def test_the_total_says_what_it_leaves_out():
    endpoint = Resource(Kind.endpoint, "e", "arn", "InService", 0.5)
    assert view.total(Inventory((endpoint,))).startswith("$0.500 an hour, $365.00 a month")
    strange = Resource(Kind.training_job, "j", "arn", "InProgress", None)
    line = view.total(Inventory((endpoint, strange)))
    assert line.startswith("at least $0.500")
    assert line.endswith("; no price is known for j")


def test_programs_get_everything(session):
    ended = Resource(Kind.training_job, "j", "arn", "Completed", 0.0, NOW, is_over=True)
    plain = view.as_dict(Inventory((ended,), ("alarms",)), session)
    assert plain["account"] == "123456789012"
    assert plain["resources"][0]["kind"] == "training job"
    assert plain["resources"][0]["created"] == "2026-11-23T00:00:00+00:00"
    assert plain["unseen"] == ["alarms"]
    assert view.where(session) == (
        "project radimpress, 123456789012 us-east-1, a rehearsal on this machine"
    )
