import subprocess
import sys

import pytest
from mlflow.exceptions import MlflowException

from radimpress.registry.ledger.entry import draft, now
from radimpress.registry.ledger.ledger import DIGEST, HEAD, TEXT, Ledger, OvertakenError

RACER = """
import sys, time
from radimpress.config.schema import Tracking
from radimpress.registry.ledger.entry import draft
from radimpress.registry.ledger.ledger import Ledger, OvertakenError
from radimpress.tracking.store import open_store
name, to = sys.argv[1:]
ledger = Ledger(open_store(Tracking(experiment="e", registered_model=name)), name)
ledger.read()
print("ready", flush=True)
sys.stdin.readline()
try:
    print("wrote", ledger.append(draft("promote", name, None, to), None).sequence)
except OvertakenError as error:
    print("told", error)
"""


def promoted(ledger, to, came_from=None):
    head = ledger.read().head
    return ledger.append(draft("promote", ledger.name, came_from, to), head)


def test_reading_writes_nothing(ledger, store):
    assert ledger.entries() == []
    assert ledger.check() == []
    assert not store.client.search_registered_models(f"name = '{ledger.model}'")


def test_entries_follow_one_another(ledger):
    first, second = promoted(ledger, "1"), promoted(ledger, "2", "1")
    assert ledger.entries() == [first, second]
    assert (first.sequence, first.previous) == (1, "")
    assert (second.sequence, second.previous) == (2, first.digest)
    assert ledger.check() == []


def test_an_entry_is_a_version_that_people_can_read_and_load(ledger, store):
    promoted(ledger, "2")
    shown = store.client.get_model_version(ledger.model, "1")
    assert shown.description.startswith("**promote** none → 2 by ")
    assert shown.source == f"models:/{ledger.name}/2"


def test_who_expected_another_head_is_told_and_writes_nothing(ledger):
    first = promoted(ledger, "1")
    with pytest.raises(OvertakenError, match=r"promoted version 1 \(entry 1\); next: .*history"):
        ledger.append(draft("promote", ledger.name, None, "2"), None)
    assert ledger.entries() == [first]


def test_who_loses_the_number_in_between_is_told_and_leaves_a_void_entry(
    ledger, store, monkeypatch
):
    other = Ledger(store, ledger.name)
    write = Ledger._write

    def slow(self, entry):
        if self is ledger and not other.entries():
            promoted(other, "2")
        write(self, entry)

    monkeypatch.setattr(Ledger, "_write", slow)
    with pytest.raises(OvertakenError, match="promoted version 2"):
        promoted(ledger, "1")
    assert [entry.to_version for entry in ledger.entries()] == ["2"]
    assert store.client.get_model_version(ledger.model, "2").description.startswith("VOID")
    assert ledger.check() == []
    assert promoted(ledger, "3").sequence == 3
    assert ledger.check() == []


def test_two_processes_at_once_one_writes_and_the_other_is_told(ledger):
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, ledger.name, to],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for to in "12"
    ]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate(timeout=60)[0].split()[0] for racer in racers]
    assert sorted(said) == ["told", "wrote"]
    (entry,) = ledger.entries()
    assert said[int(entry.to_version) - 1] == "wrote"
    assert ledger.check() == []


def test_an_answer_that_is_lost_after_the_write_is_no_loss(ledger, monkeypatch):
    create = ledger.store.client.create_model_version

    def lossy(*arguments, **named):
        create(*arguments, **named)
        create(*arguments, **named)  # a retry of the transport: the server made it twice
        raise MlflowException("connection reset")

    monkeypatch.setattr(ledger.store.client, "create_model_version", lossy)
    entry = promoted(ledger, "1")
    assert ledger.entries() == [entry]


def test_a_server_that_fails_every_time_raises_what_it_said(ledger, monkeypatch):
    def failing(*arguments, **named):
        raise MlflowException("down")

    monkeypatch.setattr(ledger.store.client, "create_model_version", failing)
    with pytest.raises(MlflowException, match="down"):
        promoted(ledger, "1")
    assert ledger.entries() == []


@pytest.mark.parametrize("tag", [TEXT, DIGEST])
def test_a_tag_that_was_edited_in_the_ui_is_noticed(ledger, store, tag):
    for to in "12":
        entry = promoted(ledger, to)
        ledger.note_head(entry)
    old = store.client.get_model_version(ledger.model, "1").tags[tag]
    edited = "0" * 64 if tag == DIGEST else old.replace('"to_version":"1"', '"to_version":"7"')
    store.client.set_model_version_tag(ledger.model, "1", tag, edited)
    assert edited != old
    (problem,) = ledger.check()
    assert "entry 1 was changed" in problem


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_a_version_that_was_deleted_is_noticed(ledger, store, number):
    for to in "123":
        ledger.note_head(promoted(ledger, to))
    store.client.delete_model_version(ledger.model, number)
    (problem,) = ledger.check()
    assert f"entry {number} is missing" in problem


def test_a_deleted_ledger_is_noticed_by_the_model_and_by_its_champion(ledger, store):
    entry = promoted(ledger, "2")
    ledger.note_head(entry)
    store.client.set_registered_model_alias(ledger.name, "champion", "2")
    store.client.delete_registered_model(ledger.model)
    assert "entry 1 is missing" in ledger.check()[0]
    store.client.delete_registered_model_tag(ledger.name, HEAD)
    assert "entry 1 is missing" in ledger.check()[0]


def test_a_number_that_a_deletion_used_up_does_not_stop_the_next_entry(ledger, store):
    promoted(ledger, "1")
    store.client.create_model_version(
        ledger.model, f"models:/{ledger.name}/1", await_creation_for=0
    )
    store.client.delete_model_version(ledger.model, "2")
    entry = promoted(ledger, "2", "1")
    assert ledger.entries()[-1] == entry
    assert ledger.check() == []


def test_an_entry_is_unfinished_until_it_is_settled(ledger):
    entry = promoted(ledger, "1")
    assert ledger.read().unfinished == entry
    ledger.settle(entry, now())
    assert ledger.read().unfinished is None


def test_a_long_ledger_is_read_page_by_page(ledger, monkeypatch):
    monkeypatch.setattr("radimpress.registry.ledger.ledger.PAGE", 2)
    for to in "12312":
        promoted(ledger, to)
    assert [entry.to_version for entry in ledger.entries()] == list("12312")
