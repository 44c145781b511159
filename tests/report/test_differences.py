"""The marks in the examples are what ROUGE-L counts."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.rouge import rouge
from radimpress.report.differences import Change, Piece, differences

WORDS = st.lists(
    st.sampled_from(["No", "acute", "effusion.", "right-sided", "1.", "___", "(stable)", "é"]),
    max_size=12,
).map(" ".join)


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def joined(pieces, *changes):
    return words(" ".join(p.text for p in pieces if p.change in changes))


def test_removed_and_added_words_are_told_apart():
    assert differences("No pleural effusion.", "Small pleural effusion.") == [
        Piece(Change.removed, "No "),
        Piece(Change.added, "Small "),
        Piece(Change.kept, "pleural effusion. "),
    ]


def test_case_and_punctuation_are_no_difference():
    assert differences("No effusion", "no effusion.") == [Piece(Change.kept, "no effusion. ")]


def test_an_empty_output_removes_everything():
    assert differences("No effusion.", "") == [Piece(Change.removed, "No effusion. ")]
    assert differences("", "") == []


def test_text_without_a_word_is_shown():
    assert differences("No effusion.", "___")[-1] == Piece(Change.added, "___ ")


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_the_marks(reference, prediction):
    pieces = differences(reference, prediction)
    assert joined(pieces, Change.kept, Change.added) == words(prediction)
    assert joined(pieces, Change.kept, Change.removed) == words(reference)


@given(WORDS, WORDS)
def test_kept_words_are_those_that_rouge_l_counts(reference, prediction):
    kept = len(joined(differences(reference, prediction), Change.kept))
    recall = rouge([reference], [prediction], stem=False)["rougeL_recall"][0]
    assert kept == round(recall * len(words(reference)))


@given(WORDS, WORDS)
def test_neighbouring_pieces_differ_in_fate(reference, prediction):
    fates = [piece.change for piece in differences(reference, prediction)]
    assert all(one is not other for one, other in pairwise(fates))
