from hypothesis import given
from hypothesis import strategies as st

from radimpress.config.schema import Duplicates
from radimpress.corpus.selection import Key, select

A, B = b"a" * 16, b"b" * 16


def kept(keys: list[Key], duplicates: Duplicates, limit: int | None = None) -> list[str]:
    return [keys[i].study_id for i in select(keys, duplicates, limit).order]


def test_reports_come_sorted_by_study_id_as_text() -> None:
    keys = [Key(name, "", A) for name in ("9", "10", "1")]
    assert kept(keys, Duplicates.none) == ["1", "10", "9"]


def test_a_repeated_study_or_a_subjects_repeated_text_is_dropped() -> None:
    keys = [
        Key("3", "p", A),
        Key("2", "p", A),
        Key("2", "p", B),
        Key("4", "q", A),
        Key("5", "p", B),
    ]
    selection = select(keys, Duplicates.study, None)
    assert selection.order == [1, 3, 4]  # the first "2", and "3" is a copy of it
    assert selection.dropped == {"duplicate": 2}


def test_reports_without_a_subject_are_not_taken_for_one_subjects() -> None:
    keys = [Key("1", "", A), Key("2", "", A)]
    assert kept(keys, Duplicates.study) == ["1", "2"]
    assert kept(keys, Duplicates.text) == ["1"]


def test_where_duplicates_are_kept_a_repeated_id_is_told_and_left_out() -> None:
    keys = [Key("1", "p", A), Key("2", "p", A), Key("1", "q", B)]
    selection = select(keys, Duplicates.none, None)
    assert (selection.order, selection.repeated, selection.dropped) == ([0, 1], ["1"], {})


def test_a_limit_is_a_stable_choice() -> None:
    keys = [Key(str(n), "", A) for n in range(1000)]
    few = kept(keys, Duplicates.none, 100)
    assert len(few) == 100
    assert few == sorted(few)
    assert few == kept(keys[::-1], Duplicates.none, 100)
    assert set(kept(keys, Duplicates.none, 50)) < set(few)
    grown = kept([*keys, Key("1000", "", A)], Duplicates.none, 100)
    assert len(set(few) - set(grown)) <= 1
    assert select(keys, Duplicates.none, 100).dropped == {"over_limit": 900}


keys_drawn = st.lists(
    st.builds(
        Key, st.sampled_from("12345"), st.sampled_from(["", "p", "q"]), st.sampled_from([A, B])
    )
)


@given(keys_drawn, st.sampled_from(Duplicates), st.none() | st.integers(1, 4))
def test_every_report_is_kept_dropped_or_told_once(
    keys: list[Key], duplicates: Duplicates, limit: int | None
) -> None:
    selection = select(keys, duplicates, limit)
    accounted = len(selection.order) + sum(selection.dropped.values()) + len(selection.repeated)
    assert accounted == len(keys)
    studies = [keys[i].study_id for i in selection.order]
    assert studies == sorted(set(studies))
