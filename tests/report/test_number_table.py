"""Tables mark what is best, and only what a test supports as better or worse."""

import math

import pytest

from radimpress.metrics.significance import Estimate
from radimpress.report.number_table import (
    estimate_cell,
    paired_tests,
    slices_by_system,
    systems_by_metric,
)
from radimpress.report.results import Comparison, Results
from radimpress.report.vocabulary import metric

STYLES = {"lead": "other-1", "finetuned": "candidate"}


def results(**values):
    """`values`: system to (rougeL, hallucination_rate)."""
    return Results(
        {
            name: {
                "test": {
                    "all": {
                        "rougeL": Estimate(rouge, rouge - 0.1, rouge + 0.1, 9),
                        "hallucination_rate": Estimate(wrong, 0.0, 1.0, 9),
                    }
                }
            }
            for name, (rouge, wrong) in values.items()
        },
        {},
    )


def marks(table):
    return {row.label: [cell.mark for cell in row.cells] for row in table.rows}


def test_the_best_is_the_highest_score_and_the_lowest_error():
    found = results(lead=(0.3, 0.1), finetuned=(0.9, 0.2))
    table = systems_by_metric("", found, "test", ("rougeL", "hallucination_rate"), STYLES)
    assert marks(table) == {"First sentences": ["", "best"], "Fine-tuned model": ["best", ""]}
    assert [(c.label, c.arrow, c.way) for c in table.columns] == [
        ("ROUGE-L", "↑", "higher is better"),
        ("Hallucination", "↓", "lower is better"),
    ]


def test_ties_are_best_together_and_one_system_is_no_best():
    both = systems_by_metric(
        "", results(lead=(0.5, 0), finetuned=(0.5, 1)), "test", ("rougeL",), STYLES
    )
    assert marks(both) == {"First sentences": ["best"], "Fine-tuned model": ["best"]}
    alone = systems_by_metric("", results(finetuned=(0.5, 0)), "test", ("rougeL",), STYLES)
    assert marks(alone) == {"Fine-tuned model": [""]}


def test_a_metric_that_no_system_has_leaves_no_column():
    found = results(finetuned=(0.5, 0))
    table = systems_by_metric("", found, "test", ("rougeL", "side_flip_rate"), STYLES)
    assert [column.label for column in table.columns] == ["ROUGE-L"]


def test_a_value_stands_over_its_interval():
    cell = estimate_cell(metric("rougeL"), Estimate(0.5, 0.4, 0.6, 9))
    assert (cell.main, cell.lines) == ("0.500", ("0.400 to 0.600",))
    share = estimate_cell(metric("omission_rate"), Estimate(0.5, 0.4, 0.6, 9))
    assert (share.main, share.lines) == ("50.0%", ("40.0 to 60.0%",))
    assert estimate_cell(metric("rougeL"), Estimate(0.5, math.nan, math.nan, 9)).lines == ()
    assert estimate_cell(metric("rougeL"), None).main == "–"


def test_slices_compare_systems_row_by_row():
    rows = [
        ("All", False, {"lead": Estimate(0.3, 0, 1, 9), "finetuned": Estimate(0.9, 0, 1, 9)}),
        ("Rare", True, {"finetuned": Estimate(0.1, 0, 1, 2)}),
    ]
    table = slices_by_system("", metric("rougeL"), rows)
    assert [[cell.main for cell in row.cells] for row in table.rows] == [
        ["0.300", "0.900"],
        ["–", "0.100"],
    ]
    assert [row.small for row in table.rows] == [False, True]


@pytest.mark.parametrize(
    ("name", "difference", "p", "mark"),
    [
        ("rougeL", 0.1, 0.001, "better"),
        ("rougeL", -0.1, 0.001, "worse"),
        ("rougeL", 0.1, 0.2, ""),
        ("rougeL", 0.0, 0.001, ""),
        ("hallucination_rate", -0.1, 0.001, "better"),
        ("hallucination_rate", 0.1, 0.001, "worse"),
        ("length_ratio", 0.1, 0.001, ""),
    ],
)
def test_only_a_sure_difference_is_better_or_worse(name, difference, p, mark):
    tests = {"lead": {name: Comparison(difference, 0.05, 0.15, p, 5, 3, 1, 9)}}
    (row,) = paired_tests("", tests, (name,), STYLES, alpha=0.05).rows
    assert row.cells[0].mark == mark


def test_a_test_shows_interval_p_and_counts():
    tests = {"lead": {"rougeL": Comparison(0.1, 0.05, 0.15, 0.0004, 1200, 3, 1, 1204)}}
    (row,) = paired_tests("", tests, ("rougeL",), STYLES, alpha=0.05).rows
    assert row.cells[0].main == "+0.100"
    assert row.cells[0].lines == (
        "+0.050 to +0.150",
        "p < 0.001",
        "1,200 won, 3 tied, 1 lost",
    )
