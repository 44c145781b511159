from dataclasses import replace

from radimpress.config.schema import Access
from radimpress.registry.registration.run_tables import difference_table, note, score_table

RESULT = {"value": 0.8, "low": 0.75, "high": 0.85, "n": 1311}
ERROR = {"value": 0.1, "low": 0.05, "high": 0.15, "n": 1311}
SPLITS = {
    "test": {
        "all": {"rougeL": RESULT, "hallucination_rate": ERROR, "rougeL_stem": RESULT},
        "abnormal": {"rougeL": {**RESULT, "value": 0.7, "n": 500}},
    }
}
TEST = {"difference": -0.05, "low": -0.1, "high": 0.0, "p": 0.0004, "wins": 9, "ties": 1}
TESTS = {"test": {"retrieval": {"hallucination_rate": {**TEST, "losses": 2, "n": 12}}}}


def test_the_note_answers_how_good_by_how_much_and_on_what(config):
    text = note(config, "finetuned", SPLITS, TESTS).replace("&emsp;", "")
    assert "**Fine-tuned model** on corpus **synthetic** (public)." in text
    assert text.startswith(
        "| Test set, 1,311 reports | ROUGE-L ↑ | Clinical F1 ↑ | Hallucination ↓ |"
    )
    assert "| **this run** | 0.800 [0.750, 0.850] | – | 10.0% [5.0%, 15.0%] |" in text
    assert "| minus retrieval | – | – | −5.0 pts, p < 0.001 |" in text


def test_every_row_of_the_note_has_as_many_cells(config):
    rows = [r for r in note(config, "lead", SPLITS, TESTS).splitlines() if r.startswith("|")]
    assert {row.count("|") for row in rows} == {7}


def test_the_note_says_when_the_corpus_is_not_public(config):
    private = replace(config, data=replace(config.data, access=Access.credentialed))
    assert "(credentialed)" in note(private, "lead", SPLITS, {})


def test_scores_are_a_row_a_metric_and_slice():
    table = score_table(SPLITS)
    assert table["slice"] == ["all", "all", "abnormal"]
    assert table["metric"] == ["ROUGE-L", "Hallucination", "ROUGE-L"]
    assert table["value"] == [0.8, 0.1, 0.7]
    assert table["reports"] == [1311, 1311, 500]
    assert len({len(column) for column in table.values()}) == 1


def test_differences_say_which_way_is_better():
    table = difference_table(TESTS)
    assert table["against"] == ["retrieval"]
    assert table["metric"] == ["Hallucination"]
    assert table["better"] == ["lower"]
    assert table["difference"] == [-0.05]
    assert (table["wins"], table["ties"], table["losses"]) == ([9], [1], [2])
    assert len({len(column) for column in table.values()}) == 1


def test_without_tests_there_are_no_rows():
    assert all(column == [] for column in difference_table({}).values())
