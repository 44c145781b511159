from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.synthetic.streams import (
    MOST_STUDIES,
    chosen,
    stream,
    study_number,
    subject_number,
)


def test_a_stream_depends_on_its_names_alone():
    assert stream("B", 7, "words").random() == stream("B", 7, "words").random()
    assert stream("B", 7, "words").random() != stream("B", 8, "words").random()


def test_a_stream_is_the_same_on_every_machine():
    assert stream("B", 2026, 0, "course").getrandbits(32) == 3337960096


@given(st.integers(0, 2**40), st.sets(st.integers(0, 1_000_000), max_size=50))
def test_numbers_of_different_studies_differ_and_look_like_mimics(seed, subjects):
    people = [subject_number("B", seed, subject) for subject in subjects]
    studies = [
        study_number("B", seed, subject, study)
        for subject in subjects
        for study in range(MOST_STUDIES)
    ]
    assert len(set(people)) == len(people)
    assert len(set(studies)) == len(studies)
    assert all(10_000_000 <= number < 20_000_000 for number in people)
    assert all(50_000_000 <= number < 60_000_000 for number in studies)


def test_a_weight_of_zero_is_never_chosen():
    rng = stream("weights")
    assert {chosen(rng, {"a": 1, "b": 0}) for _ in range(200)} == {"a"}
