from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.registry.ledger.chain import Mark, Record, read_chain
from radimpress.registry.ledger.entry import canonical, draft, read_entry, seal


def record(entry, number=None, settled=True):
    return Record(number or entry.sequence, canonical(entry), entry.digest, settled)


def chain(length, voids=()):
    """`length` records; at the numbers in `voids` stands an entry that came too late."""
    records, last, counted = [], "", None
    for number in range(1, length + 1):
        entry = seal(draft("promote", "m", None, str(number)), number, last)
        if number in voids:
            late = seal(draft("promote", "m", None, "99"), max(1, number - 1), "stale")
            records.append(record(late, number))
        else:
            records.append(record(entry))
            last, counted = entry.digest, entry
    return records, counted


def resealed(old):
    """What somebody writes who changes an entry and mends its digest."""
    entry = read_entry(old.text)
    return record(seal(replace(entry, who="Mallory"), entry.sequence, entry.previous))


@given(st.integers(0, 6), st.sets(st.integers(2, 6)))
def test_a_chain_that_nobody_touched_is_sound_whoever_came_too_late(length, voids):
    records, head = chain(length, voids)
    found = read_chain("m", reversed(records), [Mark.of(head)] if head else [])
    assert found.problems == ()
    assert found.head == head
    assert [e.sequence for e in found.entries] == [
        n for n in range(1, length + 1) if n not in voids
    ]
    assert found.highest == length


@given(st.integers(1, 6), st.data())
def test_a_changed_entry_is_named(length, data):
    records, head = chain(length)
    place = data.draw(st.integers(0, length - 1))
    changed = replace(records[place], text=records[place].text.replace("promote", "rollback"))
    found = read_chain("m", [*records[:place], changed, *records[place + 1 :]], [Mark.of(head)])
    (problem,) = found.problems
    assert problem.startswith(f"entry {place + 1} was changed: its text does not give its digest")


@given(st.integers(1, 6), st.data())
def test_an_entry_that_was_sealed_anew_is_named(length, data):
    records, head = chain(length)
    place = data.draw(st.integers(0, length - 1))
    forged = [*records[:place], resealed(records[place]), *records[place + 1 :]]
    (problem,) = read_chain("m", forged, [Mark.of(head)]).problems
    assert problem.startswith(f"entry {place + 1} was changed and sealed anew")


@given(st.integers(1, 6), st.data())
def test_a_lost_entry_is_named(length, data):
    records, head = chain(length)
    place = data.draw(st.integers(0, length - 1))
    (problem,) = read_chain(
        "m", [*records[:place], *records[place + 1 :]], [Mark.of(head)]
    ).problems
    assert problem.startswith(f"entry {place + 1} is missing")


def test_a_cut_tail_and_an_emptied_ledger_are_noticed_by_the_noted_head():
    records, head = chain(4)
    assert read_chain("m", records[:2]).problems == ()  # the chain alone cannot know
    (problem,) = read_chain("m", records[:2], [Mark.of(head)]).problems
    assert problem.startswith("entries 3 to 4 are missing")
    (problem,) = read_chain("m", [], [Mark.of(head), Mark.of(head)]).problems
    assert problem.startswith("entries 1 to 4 are missing")


def test_a_noted_head_that_lags_behind_is_no_damage():
    records, _ = chain(4)
    older = read_chain("m", records[:3]).head
    assert read_chain("m", records, [Mark.of(older)]).problems == ()


def test_a_void_entry_that_was_tidied_away_is_no_loss():
    records, head = chain(4, voids={3})
    tidied = [r for r in records if r.number != 3]
    assert read_chain("m", tidied, [Mark.of(head)]).problems == ()


def test_an_entry_of_another_model_is_no_entry():
    records, _ = chain(1)
    assert "entry 1 was changed" in read_chain("other", records).problems[0]


def test_two_changes_and_a_loss_are_all_named():
    records, head = chain(6)
    broken = [
        replace(records[0], digest="0"),
        *records[1:3],
        replace(records[4], text="{}"),
        records[5],
    ]
    found = read_chain("m", broken, [Mark.of(head)])
    assert [p.split(" (")[0] for p in found.problems] == [
        "entry 1 was changed: its text does not give its digest",
        "entry 5 was changed: its text does not give its digest",
        "entry 4 is missing",
    ]


@pytest.mark.parametrize("how", ["changed", "lost"])
def test_damage_that_a_later_entry_accepts_is_shown_and_no_problem(how):
    records, _ = chain(3)
    broken = [records[0], replace(records[1], text="{}"), records[2]]
    if how == "lost":
        del broken[1]
    problems = read_chain("m", broken).problems
    last = read_chain("m", broken).head
    seen = replace(draft("rollback", "m", "3", "3"), accepted=problems, reason="looked into it")
    found = read_chain("m", [*broken, record(seal(seen, 4, last.digest))])
    assert found.problems == ()
    assert found.accepted == problems


def test_accepting_one_change_accepts_no_other():
    records, _ = chain(2)
    changed = replace(records[0], text="{}")
    problems = read_chain("m", [changed, records[1]]).problems
    seen = replace(draft("rollback", "m", "2", "2"), accepted=problems)
    entry = record(seal(seen, 3, read_chain("m", records).head.digest))
    assert read_chain("m", [changed, records[1], entry]).problems == ()
    again = replace(records[0], text="{ }")
    assert read_chain("m", [again, records[1], entry]).problems != ()


def test_only_the_head_can_be_unfinished():
    records, head = chain(2)
    assert read_chain("m", records).unfinished is None
    assert read_chain("m", [records[0], replace(records[1], settled=False)]).unfinished == head
    assert read_chain("m", [replace(records[0], settled=False), records[1]]).unfinished is None
    assert read_chain("m", []).unfinished is None


def test_a_mark_is_written_and_read():
    _, head = chain(1)
    assert Mark.read(str(Mark.of(head))) == Mark.of(head)
    assert Mark.read("") is None
    assert Mark.read("nonsense") is None
