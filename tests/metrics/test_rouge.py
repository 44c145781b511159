"""The columns equal rouge_score's numbers to the last bit."""

import itertools
import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from radimpress.metrics.rouge import TYPES, rouge

SCORERS = {stem: RougeScorer(list(TYPES), use_stemmer=stem) for stem in (False, True)}
WORDS = [
    "no",
    "effusion",
    "effusions",
    "Pneumothorax",
    "7",
    "1.",
    "opacities",
    "the",
    "___",
    "\n",
    "É",
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join) | st.text(max_size=40)


def assert_equals_rouge_score(references, predictions, stem):
    columns = rouge(references, predictions, stem)
    suffix = "_stem" if stem else ""
    for row, (reference, prediction) in enumerate(zip(references, predictions, strict=True)):
        for kind, expected in SCORERS[stem].score(reference, prediction).items():
            ours = tuple(
                columns[f"{kind}{part}{suffix}"][row] for part in ("_precision", "_recall", "")
            )
            assert ours == tuple(expected), (kind, row)


@pytest.mark.parametrize("stem", [False, True])
@given(reference=TEXTS, prediction=TEXTS)
@settings(max_examples=300, deadline=None)
def test_random_texts_score_as_rouge_score_scores_them(stem, reference, prediction):
    assert_equals_rouge_score([reference], [prediction], stem)


@pytest.mark.parametrize("stem", [False, True])
def test_thousands_of_real_pairs_score_as_rouge_score_scores_them(indiana_half, stem):
    reports = json.loads(indiana_half.read_text(encoding="utf-8"))
    impressions = [report["impression"] for report in reports]
    findings = [report["findings"] for report in reports]
    shuffled = random.Random(3).sample(impressions, len(impressions))
    assert_equals_rouge_score(impressions, shuffled, stem)
    assert_equals_rouge_score(impressions, findings, stem)


def test_a_known_pair_has_the_numbers_of_the_formula():
    columns = rouge(["no acute disease"], ["no acute cardiopulmonary disease"], stem=False)
    assert columns["rouge1_precision"].tolist() == [3 / 4]
    assert columns["rouge1_recall"].tolist() == [1.0]
    assert columns["rouge1"].tolist() == pytest.approx([6 / 7])
    assert columns["rouge2_recall"].tolist() == [1 / 2]
    assert columns["rougeL"].tolist() == pytest.approx([6 / 7])


def test_the_stemmer_joins_singular_and_plural():
    plain = rouge(["small effusions"], ["small effusion"], stem=False)
    stemmed = rouge(["small effusions"], ["small effusion"], stem=True)
    assert plain["rouge1"].tolist() == [0.5]
    assert stemmed["rouge1_stem"].tolist() == [1.0]


def test_one_line_texts_have_equal_rouge_l_and_lsum_and_lines_may_differ():
    one = rouge(["a b c d"], ["c d a b"], stem=False)
    two = rouge(["a b\nc d"], ["c d\na b"], stem=False)
    assert one["rougeL"] == one["rougeLsum"] == [0.5]
    assert two["rougeL"] == [0.5]
    assert two["rougeLsum"] == [1.0]


def test_empty_texts_score_zero_and_no_pairs_give_empty_columns():
    assert all(column.tolist() == [0.0] for column in rouge([""], ["text"], stem=False).values())
    assert all(column.shape == (0,) for column in rouge([], [], stem=True).values())


def test_unequal_numbers_of_texts_are_refused():
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        rouge(["one", "two"], ["one"], stem=False)


@given(left=TEXTS, right=TEXTS)
@settings(max_examples=100, deadline=None)
def test_swapping_the_texts_swaps_precision_and_recall_and_keeps_f1(left, right):
    there, back = rouge([left], [right], stem=False), rouge([right], [left], stem=False)
    for kind in ("rouge1", "rouge2", "rougeL"):
        assert there[f"{kind}_precision"] == back[f"{kind}_recall"]
        assert np.allclose(there[kind], back[kind])


def test_a_repeated_pair_scores_as_it_did_the_first_time():
    pairs = list(itertools.product(["no effusion", "effusion"], repeat=2)) * 2
    columns = rouge([p[0] for p in pairs], [p[1] for p in pairs], stem=False)
    assert columns["rougeL"][:4].tolist() == columns["rougeL"][4:].tolist()
