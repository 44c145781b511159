from radimpress.registry.ledger.entry import draft, seal
from radimpress.registry.ledger.succession import reigned, succession


def moves(*steps):
    entries, last = [], None
    for number, step in enumerate(steps, 1):
        action = "rollback" if step.startswith("-") else "promote"
        to = step.lstrip("-") or None
        entries.append(seal(draft(action, "m", last, to), number, ""))
        last = to
    return entries


def test_promotions_stack_up_and_rollbacks_take_off():
    assert succession([]) == []
    assert succession(moves("1", "2", "3")) == ["1", "2", "3"]
    assert succession(moves("1", "2", "3", "-2")) == ["1", "2"]
    assert succession(moves("1", "2", "3", "-2", "-1")) == ["1"]
    assert succession(moves("1", "2", "3", "-1")) == ["1"]
    assert succession(moves("1", "2", "-1", "3")) == ["1", "3"]


def test_an_old_champion_that_is_promoted_again_is_on_top():
    assert succession(moves("1", "2", "1")) == ["1", "2", "1"]
    assert succession(moves("1", "2", "1", "-2")) == ["1", "2"]


def test_a_rollback_to_what_is_not_below_is_a_new_champion():
    assert succession(moves("1", "-5")) == ["1", "5"]


def test_a_first_promotion_that_was_taken_back_leaves_none():
    assert succession(moves("1", "-")) == []
    assert succession(moves("1", "-", "2")) == ["2"]


def test_a_champion_from_before_the_ledger_is_the_first():
    (entry,) = [seal(draft("promote", "m", "4", "7"), 1, "")]
    assert succession([entry]) == ["4", "7"]
    assert reigned([entry]) == {"4", "7"}


def test_who_reigned():
    assert reigned(moves("1", "2", "-1", "-")) == {"1", "2"}
    assert reigned([]) == set()


def test_what_stood_there_by_hand_did_not_reign():
    first = seal(draft("promote", "m", None, "1"), 1, "")
    undone = seal(draft("rollback", "m", "9", "1"), 2, first.digest)  # 9 was put there in the UI
    assert reigned([first, undone]) == {"1"}
