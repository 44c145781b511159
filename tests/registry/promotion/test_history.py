import io
from dataclasses import replace

import pytest
from rich.console import Console

from radimpress.registry.ledger.entry import draft
from radimpress.registry.promotion.history import history, table
from radimpress.registry.promotion.settle import carry_out


@pytest.fixture
def read(config, versions, target):
    return lambda: history(config, [target])


@pytest.fixture
def promoted(ledger, versions, target):
    def promoted(number, **extra):
        head = ledger.read().head
        before = head.to_version if head else None
        written = replace(draft("promote", versions, before, number), **extra)
        carry_out(ledger, ledger.append(written, head), [target])

    return promoted


def text(entries, width=80):
    stream = io.StringIO()
    Console(file=stream, width=width).print(table(entries))
    return stream.getvalue()


def test_before_anything_was_promoted_there_is_nothing_and_nothing_wrong(read, versions):
    found = read()
    assert (found.entries, found.problems, found.champion) == ((), (), None)
    assert found.as_json() == {
        "name": versions,
        "champion": None,
        "sound": True,
        "problems": [],
        "accepted": [],
        "head": None,
        "entries": [],
    }


def test_it_is_read_newest_first(read, promoted):
    promoted("1")
    promoted("2")
    found = read()
    assert [entry.to_version for entry in found.entries] == ["2", "1"]
    assert (found.champion, found.problems, found.note) == ("2", (), "")
    assert found.as_json()["head"] == found.entries[0].digest
    assert found.as_json()["entries"][0]["action"] == "promote"


def test_the_table_fits_80_columns_and_says_who_what_and_why(read, promoted):
    promoted("1", who="Ann", gates=("lineage: pass", "score: pass", "slices: not judged"))
    promoted(
        "2",
        who="a very long name of a continuous integration account [bot]",
        gates=("lineage: pass", "latency: overridden"),
        overrides={"latency": "a new machine that is slower [see #7]"},
        reason="the first model that was trained on both hospitals and so on and so forth",
    )
    entries = read().entries
    assert max(len(line.rstrip()) for line in text(entries).splitlines()) <= 80
    wide = text(entries, 240)
    for part in (
        *("1 → 2", "none → 1", "Ann", "account [bot]", "gates: 2 pass, 1 not judged"),
        "OVERRIDDEN latency: a new machine that is slower [see #7]",
    ):
        assert part in wide


def test_what_was_tampered_with_is_named(read, promoted, store, ledger):
    promoted("1")
    promoted("2")
    store.client.set_model_version_tag(ledger.model, "1", "radimpress.entry", "{}")
    found = read()
    assert found.problems[0].startswith("entry 1 was changed")
    assert found.as_json()["sound"] is False


def test_an_alias_moved_by_hand_is_reported(read, promoted, store, versions):
    promoted("1")
    store.client.set_registered_model_alias(versions, "champion", "3")
    (problem,) = read().problems
    assert problem.startswith(
        "alias champion is version 3, and entry 1 of the ledger says version 1"
    )


def test_an_interrupted_promotion_is_finished_by_looking(read, ledger, versions, target):
    ledger.append(draft("promote", versions, None, "2"), None)
    found = read()
    assert (found.champion, found.problems, target.now) == ("2", (), "2")
    assert found.note == "entry 1 had been interrupted; it was carried out now"
    assert read().note == ""


def test_one_that_a_target_refuses_is_rolled_back_by_looking(read, promoted, ledger, target):
    promoted("1")
    target.refuses = {"2"}
    ledger.append(draft("promote", ledger.name, "1", "2"), ledger.read().head)
    found = read()
    assert found.champion == target.now == "1"
    assert found.note.startswith("entry 2 had been interrupted; it was rolled back: window: ")
    assert [entry.action for entry in found.entries] == ["rollback", "promote", "promote"]
    assert found.problems == ()


def test_one_that_cannot_be_finished_is_a_problem(read, promoted, ledger, target):
    promoted("1")
    promoted("2")
    target.refuses = {"1"}
    ledger.append(draft("rollback", ledger.name, "2", "1"), ledger.read().head)
    (problem,) = read().problems
    assert problem.startswith("entry 3 was not carried out: window: version 1 is broken")


def test_nothing_is_carried_out_by_a_ledger_that_is_damaged(
    read, promoted, ledger, store, versions, target
):
    promoted("1")
    ledger.append(draft("promote", versions, "1", "2"), ledger.read().head)
    store.client.delete_model_version(ledger.model, "1")
    found = read()
    assert [p.split(" (")[0] for p in found.problems] == [
        "entry 1 is missing",
        "entry 2 was not carried out",
    ]
    assert (found.champion, target.now) == ("1", "1")
