"""Numbers are written as readers expect them, and every metric says what it means."""

import math

import pytest

from radimpress.metrics.catalogue import BY_NAME
from radimpress.report.vocabulary import (
    ERRORS,
    FORM,
    HEADLINE,
    METRICS,
    metric,
    split_label,
    system,
)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("rougeL", 0.93149, "0.931"),
        ("hallucination_rate", 0.0417, "4.2%"),
        ("length_ratio", 1.034, "1.03"),
        ("rougeL", math.nan, "–"),
    ],
)
def test_a_value_is_written_in_its_unit(name, value, text):
    assert metric(name).write(value) == text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("rougeL", 0.0312, "+0.031"),
        ("rougeL", -0.0312, "−0.031"),
        ("omission_rate", -0.0312, "−3.1 pts"),
        ("rougeL", math.nan, "–"),
    ],
)
def test_a_difference_carries_its_sign(name, value, text):
    assert metric(name).write_difference(value) == text


def test_every_metric_of_the_page_is_explained():
    shown = {*HEADLINE, *ERRORS, *FORM}
    assert shown <= set(METRICS)
    assert all(METRICS[name].meaning.endswith(".") for name in shown)


def test_the_page_and_the_scores_agree_on_which_way_is_better():
    for name in METRICS.keys() & BY_NAME.keys():
        assert METRICS[name].better is BY_NAME[name].better, name


def test_unknown_names_are_shown_as_they_are():
    assert metric("bleu").label == "bleu"
    assert system("gpt").label == "gpt"


def test_splits_are_named_for_readers():
    assert split_label("test") == "Test set"
    assert split_label("test_indiana") == "External: indiana"
