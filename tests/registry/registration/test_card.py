from dataclasses import replace

from radimpress.config.load import compose
from radimpress.registry.registration.card import model_card
from radimpress.tracking.lineage import Lineage

LINEAGE = Lineage("c0ffee", True, "10c4", "", "f1f1", "0.1", {"train": "aa", "test": "bb"}, "")
RESULT = {"value": 0.9, "low": 0.88, "high": 0.92, "n": 300}
METRICS = {"test": {"all": {"rougeL": RESULT}, "abnormal": {"rougeL": {**RESULT, "n": 100}}}}


def card(config):
    return model_card(config, LINEAGE, METRICS, {"train": 2400, "test": 300}, "5ha")


def test_the_card_holds_scores_with_intervals_data_limits_and_lineage(config):
    text = card(config).replace("&emsp;", "")
    assert "| ROUGE-L F1 | 0.900 [0.880, 0.920] | 0.900 [0.880, 0.920] |" in text
    assert "Reports: all 300, abnormal 100. Brackets: 95% bootstrap." in text
    assert "2,400 train, 300 test" in text
    assert "git `c0ffee` with uncommitted changes" in text
    assert "split test md5 `bb`" in text
    assert "Not a medical device" in text


def test_the_first_line_is_the_result(config):
    assert card(config).splitlines()[0] == "ROUGE-L 0.900 on `test`, 300 reports"


def test_the_card_says_what_the_model_gains_on_the_others(config):
    test = {"difference": 0.3, "low": 0.2, "high": 0.4, "p": 0.01, "wins": 2, "ties": 1}
    tests = {"test": {"constant": {"rougeL": {**test, "losses": 0, "n": 3}}}}
    text = model_card(config, LINEAGE, METRICS, {"test": 300}, "5ha", tests)
    assert "| constant | +0.300, p = 0.010 | – |" in text.replace("&emsp;", "")


def test_weights_of_a_private_corpus_are_said_to_be_private(config, root):
    assert "as private as the reports" not in card(config)
    private = compose(["data=mimic_cxr"])
    assert "as private as the reports" in card(private)


def test_a_model_that_carries_training_reports_says_so(config):
    text = card(replace(config, model=replace(config.model, retrieval=2)))
    assert "shows 2 of their impressions" in text
