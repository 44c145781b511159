import io
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.report.run_comparison import as_dict, as_table, compare_runs, value_of
from radimpress.report.score_table import write_scores
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.runs import RunRecord, ensure_run


def scores_of(good, reports):
    reference = "Small left pleural effusion."
    pairs = [
        ScoredPair(
            str(n), "Small left effusion is seen.", reference, reference if n < good else "No."
        )
        for n in range(reports)
    ]
    return score(pairs, Settings(Resampling(samples=200)))


@pytest.fixture
def record(store, experiment, tmp_path):
    def record(system, key, good, reports=20):
        path = tmp_path / key / "test.parquet"
        write_scores(path, scores_of(good, reports))
        name = f"{system} {key}"
        run = RunRecord(system, name, key, {}, {}, {}, "", artifacts=((path, "scores"),))
        return ensure_run(store, experiment, run)

    return record


def shown(table, width=140):
    out = io.StringIO()
    Console(file=out, width=width).print(table)
    return out.getvalue()


def shown_runs(arguments, width=140):
    return shown(as_table(compare_runs(*arguments)), width)


@pytest.fixture
def quick(config):
    return replace(config, evaluation=replace(config.evaluation, bootstrap_samples=200))


def test_runs_are_tested_against_the_first_on_the_same_reports(quick, record):
    record("finetuned", "a", 18)
    record("constant", "b", 2)
    text = shown_runs((quick, [], "test"))
    assert "test, 20 reports that every run has" in text
    assert "finetuned a minus the run" in text
    assert "0.900" in text
    assert "+0.800" in text


def test_only_common_reports_are_compared(quick, record):
    record("finetuned", "a", 18, reports=20)
    record("constant", "b", 2, reports=12)
    assert "12 reports" in shown_runs((quick, ["finetuned", "constant"], "test"))


@pytest.mark.parametrize(
    ("wanted", "split", "message"),
    [
        (["nobody"], "test", "there is no finished run 'nobody'; next: name one of: constant b"),
        ([], "test_other", "holds no scores of split 'test_other'"),
    ],
)
def test_what_is_unknown_is_told_with_what_is_known(quick, record, wanted, split, message):
    record("constant", "b", 2)
    with pytest.raises(RadimpressError, match=message):
        compare_runs(quick, wanted, split)


def test_before_the_first_run_there_is_nothing_to_compare(quick):
    empty = replace(quick, tracking=replace(quick.tracking, experiment="never made"))
    with pytest.raises(RadimpressError, match="run `make pipeline`"):
        compare_runs(empty, [], "test")


def test_as_json_every_metric_of_every_run_stands_beside_its_test(quick, record):
    first, second = record("finetuned", "a", 18), record("constant", "b", 2)
    found = as_dict(compare_runs(quick, [], "test"))
    assert (found["split"], found["reports"]) == ("test", 20)
    assert [run["run_id"] for run in found["runs"]] == [first, second]
    assert found["runs"][0]["first_minus_this"] == {}
    assert found["runs"][1]["values"]["rougeL"] == pytest.approx(0.1)
    test = found["runs"][1]["first_minus_this"]["rougeL"]
    assert test["difference"] == pytest.approx(0.8)
    assert (test["wins"], test["ties"], test["losses"], test["n"]) == (16, 4, 0, 20)


def test_a_metric_whose_columns_an_old_run_lacks_has_no_value():
    scores = scores_of(1, 2)
    few = {name: scores.columns[name] for name in ("reports", "rougeL")}
    assert value_of("rougeL", few) == pytest.approx(0.5)
    assert np.isnan(value_of("side_flip_rate", few))


def test_on_a_terminal_of_80_columns_every_name_and_number_is_whole(quick, record):
    record("finetuned", "t5_tiny 1234567", 18)
    record("constant", "b", 2)
    text = shown_runs((quick, [], "test"), width=80)
    assert "finetuned t5_tiny 1234567 " in text
    assert "p = 0.005" in text
    assert "…" not in text
