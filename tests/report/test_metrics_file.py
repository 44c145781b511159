"""The stable layout of metrics.json and comparisons.json."""

import json

from radimpress.metrics.comparison import Comparison
from radimpress.metrics.score import Scores
from radimpress.metrics.significance import Estimate, PairedTest, Resampling
from radimpress.report.metrics_file import write_comparisons, write_headline, write_metrics


def test_metrics_stand_under_system_split_slice_and_name(tmp_path):
    scores = Scores((), {}, {"all": {"rougeL": Estimate(1 / 3, -0.0, 0.5, 9)}})
    write_metrics(tmp_path / "metrics.json", {"lead": {"test": scores}})
    text = (tmp_path / "metrics.json").read_text()
    assert json.loads(text) == {
        "systems": {
            "lead": {
                "test": {"all": {"rougeL": {"value": 0.333333, "low": 0.0, "high": 0.5, "n": 9}}}
            }
        }
    }
    assert "-0.0" not in text


def test_comparisons_say_how_they_were_made_and_which_slices_are_small(tmp_path):
    tested = Comparison(PairedTest(0.1, 0.05, 0.15, 0.0004998), 6, 2, 1, 9)
    write_comparisons(
        tmp_path / "comparisons.json",
        "finetuned",
        {"test": {"lead": {"rougeL": tested}}},
        {"test": ["abnormal"]},
        Resampling(2000, 0.95, 17),
    )
    assert json.loads((tmp_path / "comparisons.json").read_text()) == {
        "candidate": "finetuned",
        "method": {
            "test": "paired bootstrap over reports",
            "samples": 2000,
            "confidence": 0.95,
            "seed": 17,
        },
        "small_slices": {"test": ["abnormal"]},
        "splits": {
            "test": {
                "lead": {
                    "rougeL": {
                        "difference": 0.1,
                        "low": 0.05,
                        "high": 0.15,
                        "p": 0.0005,
                        "wins": 6,
                        "ties": 2,
                        "losses": 1,
                        "n": 9,
                    }
                }
            }
        },
    }


def test_the_headline_holds_the_values_of_the_candidate_and_the_abnormal_reports(tmp_path):
    def found(value):
        return {"rougeL": Estimate(value, 0, 1, 9), "rouge1_stem": Estimate(0.5, 0, 1, 9)}

    write_headline(
        tmp_path / "headline.json",
        {
            "test": Scores((), {}, {"all": found(0.75), "abnormal": found(0.25)}),
            "test_openi": Scores((), {}, {"all": found(0.5)}),
        },
    )
    assert json.loads((tmp_path / "headline.json").read_text()) == {
        "test": {"rougeL": 0.75, "rougeL_abnormal": 0.25},
        "test_openi": {"rougeL": 0.5},
    }
