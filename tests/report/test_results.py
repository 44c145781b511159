"""metrics.json and comparisons.json come back as typed values, or as one clear line."""

import json
import math

import pytest

from radimpress.report.results import read_json, read_results
from radimpress.runtime.errors import RadimpressError

ESTIMATE = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 9}


def written(folder, metrics):
    (folder / "metrics.json").write_text(json.dumps(metrics))
    return folder


def systems(**splits):
    return {"systems": {"finetuned": splits}}


def test_the_main_test_set_comes_first_and_the_others_by_name(tmp_path):
    split = {"all": {"rougeL": ESTIMATE}}
    layout = systems(test_b=split, test_a=split, test=split)
    assert read_results(written(tmp_path, layout)).splits == ["test", "test_a", "test_b"]


def test_an_estimate_comes_back_with_its_interval_and_size(tmp_path):
    results = read_results(written(tmp_path, systems(test={"all": {"rougeL": ESTIMATE}})))
    found = results.estimate("finetuned", "test", "all", "rougeL")
    assert (found.value, found.low, found.high, found.n) == (0.5, 0.4, 0.6, 9)
    assert results.estimate("finetuned", "test", "normal", "rougeL") is None


def test_a_metric_without_a_value_is_none_and_an_interval_may_be_missing(tmp_path):
    values = {
        "rougeL": {"value": None, "low": None, "high": None, "n": 0},
        "rouge1": {"value": 1, "n": 1},
    }
    results = read_results(written(tmp_path, systems(test={"all": values})))
    assert results.estimate("finetuned", "test", "all", "rougeL") is None
    assert math.isnan(results.estimate("finetuned", "test", "all", "rouge1").low)


def test_a_single_system_has_no_comparisons(tmp_path):
    results = read_results(written(tmp_path, systems(test={"all": {"rougeL": ESTIMATE}})))
    assert results.tests == {}


def test_slices_keep_the_order_of_the_file(evaluated):
    slices = read_results(evaluated.reports_dir).slices("test")
    assert slices[:3] == ["all", "normal", "abnormal"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "is no JSON"),
        ("[]", "holds no JSON object"),
        ("{}", "has another layout"),
        ('{"systems": {"a": {"test": {"all": {"rougeL": {"value": "x", "n": 1}}}}}}', "layout"),
    ],
)
def test_a_broken_file_is_named_with_the_next_step(tmp_path, content, complaint):
    (tmp_path / "metrics.json").write_text(content)
    with pytest.raises(RadimpressError, match=rf"metrics\.json.*{complaint}.*next: run `dvc repro"):
        read_results(tmp_path)


def test_a_missing_file_says_what_to_run(tmp_path):
    with pytest.raises(RadimpressError, match=r"metrics\.json is missing; next: run `dvc repro`"):
        read_results(tmp_path)
    assert read_json(tmp_path / "absent.json") == {}
