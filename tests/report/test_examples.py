"""Examples are the worst, the best and each kind of error, without crowding out the rare."""

import math

from hypothesis import given
from hypothesis import strategies as st

from radimpress.report.examples import FLAGS, Kind, choose


def row(rouge, *errors):
    return {"rougeL": rouge, **{FLAGS[kind]: float(kind in errors) for kind in FLAGS}}


def ids(choices):
    return [choice.study_id for choice in choices]


def test_worst_and_best_take_a_quarter_each_in_order_of_score():
    scores = {f"s{i}": row(i / 10) for i in range(10)}
    chosen = choose(scores, {}, 4)
    assert ids(chosen) == ["s0", "s1", "s8", "s9"]
    assert chosen[0].kinds == (Kind.worst,)
    assert chosen[-1].kinds == (Kind.best,)


def test_a_rare_side_flip_is_not_crowded_out_by_omissions():
    scores = {f"s{i:02d}": row(0.5, Kind.omission) for i in range(40)}
    scores["s39"] = row(0.9, Kind.side_flip)
    chosen = {choice.study_id: choice.kinds for choice in choose(scores, {}, 8)}
    assert Kind.side_flip in chosen["s39"]


def test_an_example_is_listed_under_every_error_it_has():
    (choice, *_) = choose({"a": row(0.1, Kind.hallucination, Kind.omission)}, {}, 4)
    assert choice.kinds == (Kind.hallucination, Kind.omission)


def test_long_impressions_come_first_among_the_best():
    scores = {f"s{i}": row(1.0) for i in range(8)}
    words = {"s5": 30}
    (best,) = [c for c in choose(scores, words, 2) if Kind.best in c.kinds]
    assert best.study_id == "s5"


def test_an_error_that_does_not_apply_is_no_error():
    scores = {"a": {"rougeL": 0.2, "omission_rate": math.nan}, "b": {"rougeL": 0.4}}
    assert all(not set(choice.kinds) & set(FLAGS) for choice in choose(scores, {}, 2))


def test_places_that_errors_leave_free_are_filled_and_every_example_has_a_reason():
    scores = {f"s{i}": row(i / 10) for i in range(10)}
    scores["s5"] = row(0.5, Kind.side_flip)
    chosen = choose(scores, {}, 8)
    assert len(chosen) == 8
    assert all(choice.kinds for choice in chosen)
    assert [c.study_id for c in chosen if Kind.worst in c.kinds] == ["s0", "s1", "s2", "s3"]
    assert [c.study_id for c in chosen if Kind.best in c.kinds] == ["s7", "s8", "s9"]


def test_none_wanted_and_none_there():
    assert choose({"a": row(0.5)}, {}, 0) == []
    assert choose({}, {}, 5) == []


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=4),
        st.builds(row, st.floats(0, 1), st.sampled_from(list(FLAGS))),
        max_size=25,
    ),
    st.integers(0, 12),
)
def test_as_many_as_there_are_up_to_the_wish_each_once(scores, wanted):
    chosen = ids(choose(scores, {}, wanted))
    assert len(chosen) == len(set(chosen)) == min(wanted, len(scores))
    assert chosen == ids(choose(dict(reversed(scores.items())), {}, wanted))
