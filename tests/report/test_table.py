"""The comparison as a terminal shows it."""

import io

import pytest
from rich.console import Console

from radimpress.metrics.significance import Estimate
from radimpress.report.results import Comparison, Results
from radimpress.report.table import print_tables


def printed(results, width=80):
    stream = io.StringIO()
    print_tables(results, "finetuned", Console(file=stream, width=width))
    return stream.getvalue()


@pytest.fixture
def results():
    def found(value):
        return {
            "all": {
                "rougeL": Estimate(value, value - 0.02, value + 0.02, 1408),
                "clinical_f1_micro": Estimate(0.8, 0.7, 0.9, 1408),
                "side_flip_rate": Estimate(0.125, 0, 1, 1408),
                "hallucination_rate": Estimate(0.051, 0, 1, 1408),
                "contradiction_rate": Estimate(0.0, 0, 1, 1408),
            }
        }

    return Results(
        {"constant": {"test": found(0.43)}, "finetuned": {"test": found(0.94)}},
        {"test": {"constant": {"rougeL": Comparison(0.51, 0.4, 0.6, 0.0004998, 9, 1, 1, 11)}}},
    )


def test_each_system_is_a_row_with_interval_test_and_error_rates(results):
    lines = printed(results).splitlines()
    constant = next(line for line in lines if "constant" in line)
    assert constant.split() == (
        ["constant", "0.430", "[0.410,", "0.450]", "<", "0.001", "0.800", "5.1%", "0.0%", "12.5%"]
    )
    assert "Test set, 1,408 reports" in lines[0]


def test_the_candidate_is_marked_and_not_tested_against_itself(results):
    line = next(line for line in printed(results).splitlines() if " finetuned" in line)
    assert line.split()[:5] == ["▶", "finetuned", "0.940", "[0.920,", "0.960]"]
    assert "0.001" not in line


def test_a_number_that_is_not_there_is_a_dash(results):
    del results.scores["constant"]["test"]["all"]["side_flip_rate"]
    line = next(line for line in printed(results).splitlines() if "constant" in line)
    assert line.split()[-1] == "–"


def test_the_table_fits_eighty_columns(results):
    assert max(map(len, printed(results).splitlines())) <= 80
    assert "…" not in printed(results)
