"""Every metric has one name, a way to improve, and a value from sums."""

import numpy as np
import pytest

from radimpress.metrics.catalogue import BY_NAME, METRICS, ONE, Better


def test_no_two_metrics_share_a_name():
    assert len(BY_NAME) == len(METRICS)


def test_rouge_is_there_with_and_without_stemmer_and_in_its_three_parts():
    for kind in ("rouge1", "rouge2", "rougeL", "rougeLsum"):
        for part in ("", "_precision", "_recall"):
            assert BY_NAME[f"{kind}{part}"].better is Better.higher
            assert BY_NAME[f"{kind}{part}_stem"].better is Better.higher


def test_only_the_plain_f1_of_rouge_is_scored_in_every_slice():
    everywhere = [m.name for m in METRICS if m.everywhere and m.name.startswith("rouge")]
    assert everywhere == ["rouge1", "rouge2", "rougeL", "rougeLsum"]


def test_a_mean_is_a_sum_over_the_reports():
    columns = {"rougeL": np.array([0.2, 0.6]), ONE: np.ones(2)}
    metric = BY_NAME["rougeL"]
    assert metric.statistic(metric.table(columns).sum(axis=0)) == pytest.approx(0.4)
    assert metric.per_report(columns).tolist() == [0.2, 0.6]


def test_the_length_ratio_is_a_ratio_of_sums_and_unknown_for_an_empty_reference():
    columns = {
        "prediction_words": np.array([4.0, 2.0]),
        "reference_words": np.array([8.0, 0.0]),
    }
    metric = BY_NAME["length_ratio"]
    assert metric.statistic(metric.table(columns).sum(axis=0)) == pytest.approx(6 / 8)
    assert metric.per_report(columns)[0] == 0.5
    assert np.isnan(metric.per_report(columns)[1])
