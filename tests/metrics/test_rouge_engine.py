"""The fast engine says what rouge_score says, to the last bit, and is left out where it is not."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radimpress.corpus.synthetic import pairs
from radimpress.metrics import rouge_engine
from radimpress.metrics.rouge import rouge
from radimpress.metrics.rouge_engine import PARTS, TYPES, Engine, best_engine, scorer

WORDS = [
    *("no", "effusion", "effusions", "Pneumothorax", "7", "1.", "opacities", "the", "___", "\n"),
    *("É", "generally", "skies", "dying", "agreed", "oscillators", "cm²", "\u0130", "\ud800", "ſ"),
    *("K", "\r\n", "\x85", "İ", "a" * 70, "sepsis's", "abl", "ies", "İstanbul", "ﬁbrosis"),
]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=90).map(" ".join) | st.text(max_size=60)

pytest.importorskip("rouge_score_rs")


@pytest.fixture(autouse=True)
def _fresh():
    best_engine.cache_clear()
    yield
    best_engine.cache_clear()


def assert_equal_engines(references, predictions, stem):
    fast, slow = (scorer(engine, stem)(references, predictions) for engine in Engine)
    assert fast.shape == (len(references), len(TYPES), PARTS)
    differing = np.flatnonzero((fast != slow).any(axis=(1, 2)))
    assert not len(differing), [(references[i], predictions[i]) for i in differing[:1]]


@pytest.mark.parametrize("stem", [False, True])
@given(drawn=st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_both_engines_agree_to_the_last_bit_on_random_texts(stem, drawn):
    assert_equal_engines([a for a, _ in drawn], [b for _, b in drawn], stem)


@pytest.mark.parametrize("stem", [False, True])
def test_both_engines_agree_on_real_reports(indiana_half, stem):
    reports = json.loads(indiana_half.read_text(encoding="utf-8"))
    impressions = [report["impression"] for report in reports]
    findings = [report["findings"] for report in reports]
    shuffled = random.Random(3).sample(impressions, len(impressions))
    assert_equal_engines(impressions, shuffled, stem)
    assert_equal_engines(findings, impressions, stem)
    lines = [text.replace(". ", ".\n") for text in findings]
    assert_equal_engines(lines, [text.replace(". ", ".\n") for text in shuffled], stem)


def test_both_engines_agree_on_the_synthetic_corpus():
    reports = pairs("B", 1000, seed=3)
    impressions = [report.impression for report in reports]
    assert_equal_engines(impressions, impressions[1:] + impressions[:1], stem=True)
    assert_equal_engines(impressions, [report.findings for report in reports], stem=True)


def test_the_fast_engine_is_chosen_and_the_sample_is_what_the_reference_says():
    assert best_engine() is Engine.fast
    sample = ([rouge_engine._SAMPLE[0]], [rouge_engine._SAMPLE[1]])
    said = scorer(Engine.reference, stem=True)(*sample)
    assert said[0, :, PARTS - 1].tolist() == list(rouge_engine._SAMPLE_F1)


def test_the_reference_takes_over_where_the_fast_engine_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "rouge_score_rs.rouge_scorer", None)
    assert best_engine() is Engine.reference
    assert rouge(["no effusion"], ["no effusions"], stem=True)["rouge1_stem"].tolist() == [1.0]


def test_the_reference_takes_over_where_a_build_counts_wrongly(monkeypatch):
    monkeypatch.setattr(rouge_engine, "_SAMPLE_F1", (1.0, 1.0, 1.0, 1.0))
    assert best_engine() is Engine.reference


def test_the_fast_engine_imports_neither_nltk_nor_sklearn():
    code = (
        "import sys\nfrom radimpress.metrics.rouge import rouge\n"
        "rouge(['a\\nb'], ['b a'], stem=True)\n"
        "print(sorted({'nltk', 'sklearn', 'rouge_score', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_more_pairs_than_a_batch_stay_in_order(monkeypatch):
    monkeypatch.setattr(rouge_engine, "_BATCH", 3)
    words = [f"word{number}" for number in range(10)]
    found = scorer(Engine.fast, stem=False)(words, ["word4"] * 10)
    assert found[:, 0, 0].tolist() == [float(number == 4) for number in range(10)]
