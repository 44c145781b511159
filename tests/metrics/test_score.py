"""Texts in, every number of metrics.json out."""

import json

import numpy as np
import pytest

from radimpress.metrics.catalogue import METRICS
from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling

SETTINGS = Settings(Resampling(samples=100, seed=3), length_bins=(5,))
NORMAL = ScoredPair(
    "s1",
    "The heart is normal in size. The lungs are clear.",
    "No acute cardiopulmonary abnormality.",
    "No acute cardiopulmonary abnormality.",
    source="indiana",
    truncated=False,
)
EFFUSION = ScoredPair(
    "s2",
    "Small left pleural effusion.",
    "Small left pleural effusion.",
    "Small right pleural effusion.",
    source="indiana",
    truncated=True,
)


def test_every_metric_stands_in_the_main_slices():
    found = score([NORMAL, EFFUSION], SETTINGS).slices
    assert set(found["all"]) == {metric.name for metric in METRICS}
    assert found["all"]["rougeL"].value == pytest.approx((1 + 3 / 4) / 2)
    assert found["all"]["rougeL"].n == 2
    assert found["all"]["truncation_rate"].value == 0.5
    assert found["normal"]["rougeL"].value == 1.0
    assert found["abnormal"]["rouge2"].value == pytest.approx(1 / 3)


def test_clinical_errors_are_counted_where_rouge_sees_little():
    found = score([NORMAL, EFFUSION], SETTINGS).slices
    assert found["abnormal"]["side_flip_rate"].value == 1.0
    assert found["normal"]["side_flip_rate"].value == 0.0
    assert found["all"]["clinical_f1_micro"].value == 1.0
    assert found["all"]["hallucination_rate"].value == 0.0


def test_an_error_that_nobody_made_keeps_a_bound_above_zero_and_a_fact_does_not():
    found = score([NORMAL] * 50, SETTINGS).slices["all"]
    assert found["side_flip_rate"].low == 0.0
    assert found["side_flip_rate"].high == pytest.approx(0.0711, abs=1e-4)
    assert found["identical_output_rate"].low == 1.0


def test_minor_slices_hold_the_main_metrics_only():
    found = score([NORMAL, EFFUSION], SETTINGS).slices
    minor = [name for name in found if name not in ("all", "normal", "abnormal")]
    assert minor == [
        "length_1_to_5",
        "length_over_5",
        "source_indiana",
        "observation_pleural_effusion",
    ]
    assert all("rougeL" in found[name] and "rougeL_stem" not in found[name] for name in minor)


def test_the_length_ratio_is_words_over_words():
    short = ScoredPair("a", "findings", "one two three four", "one", truncated=False)
    long = ScoredPair("b", "findings", "one", "one two three", truncated=False)
    assert score([short, long], SETTINGS).slices["all"]["length_ratio"].value == 4 / 5


def test_a_metric_that_nobody_knows_is_absent():
    unknown = ScoredPair("a", "findings", "one", "one")
    assert "truncation_rate" not in score([unknown], SETTINGS).slices["all"]


def test_slices_with_few_reports_are_named_small():
    scores = score([NORMAL, EFFUSION, EFFUSION], SETTINGS)
    assert "normal" in scores.small(2)
    assert "abnormal" not in scores.small(2)


def test_per_report_values_follow_the_order_of_the_pairs():
    scores = score([EFFUSION, NORMAL], SETTINGS)
    assert scores.study_ids == ("s2", "s1")
    assert scores.per_report()["rouge1"].tolist() == [0.75, 1.0]
    assert scores.per_report()["side_flip_rate"].tolist() == [1.0, 0.0]


def test_equal_settings_give_equal_scores():
    first, second = (score([NORMAL, EFFUSION], SETTINGS) for _ in range(2))
    assert first.slices == second.slices


def test_no_pairs_are_refused():
    with pytest.raises(ValueError, match="no pairs"):
        score([], SETTINGS)


def test_real_impressions_against_themselves_are_perfect(indiana_half):
    reports = json.loads(indiana_half.read_text(encoding="utf-8"))[:150]
    pairs = [
        ScoredPair(r["study_id"], r["findings"], r["impression"], r["impression"], r["background"])
        for r in reports
    ]
    everything = score(pairs, SETTINGS).slices["all"]
    assert everything["rougeL"].value == everything["clinical_f1_micro"].value == 1.0
    assert everything["clinical_f1_macro"].value == everything["length_ratio"].value == 1.0
    assert everything["omission_rate"].value == 0.0
    for estimate in everything.values():
        assert estimate.low <= estimate.value <= estimate.high
        assert np.isfinite(estimate.low)
