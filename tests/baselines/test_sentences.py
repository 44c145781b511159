import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.baselines.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Lungs clear. Heart normal.", ["Lungs clear.", "Heart normal."]),
        (
            "Discussed with Dr. Smith. He agreed.",
            ["Discussed with Dr. Smith.", "He agreed."],
        ),
        ("A 7.5 cm mass. No effusion.", ["A 7.5 cm mass.", "No effusion."]),
        ("Clip No. 3 is intact. Fine.", ["Clip No. 3 is intact.", "Fine."]),
        ("Effusion? No. Heart is normal.", ["Effusion?", "No.", "Heart is normal."]),
        ("Called at 8 a.m. by phone. Stable.", ["Called at 8 a.m. by phone.", "Stable."]),
        ("Called at 8 a.m. The lungs are clear.", ["Called at 8 a.m.", "The lungs are clear."]),
        ("1. No effusion. 2. Edema.", ["1. No effusion.", "2. Edema."]),
        ("Fracture of rib 7. No pneumothorax.", ["Fracture of rib 7.", "No pneumothorax."]),
        ("Seen by J. Lee, M.D. on call. Ok.", ["Seen by J. Lee, M.D. on call.", "Ok."]),
        ("Atelectasis vs. pneumonia. ___ tube.", ["Atelectasis vs. pneumonia.", "___ tube."]),
        ('He said "clear." Then left.', ['He said "clear."', "Then left."]),
        ("No stop at the end", ["No stop at the end"]),
        ("Heart normal. .", ["Heart normal."]),
        ("Tip at T7.It is fine.", ["Tip at T7.It is fine."]),
        ("", []),
        ("  ", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]):
    assert split_sentences(text) == sentences


@given(st.text("aB3.?! \n\"')(_", max_size=60))
def test_no_letter_is_lost_and_the_order_is_kept(text: str):
    kept = "".join(split_sentences(text))
    assert re.sub(r"\W", "", kept) == re.sub(r"\W", "", text)
