import io
from dataclasses import replace

import pytest
from rich.console import Console

from radimpress.metrics.score import ScoredPair, Settings, score
from radimpress.metrics.significance import Resampling
from radimpress.report.run_comparison import choose, compare_runs
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


@pytest.fixture
def quick(config):
    return replace(config, evaluation=replace(config.evaluation, bootstrap_samples=200))


def test_runs_are_tested_against_the_first_on_the_same_reports(quick, record):
    record("finetuned", "a", 18)
    record("constant", "b", 2)
    text = shown(compare_runs(quick, [], "test"))
    assert "test, 20 reports that every run has" in text
    assert "finetuned a minus the run" in text
    assert "0.900" in text
    assert "+0.800" in text


def test_only_common_reports_are_compared(quick, record):
    record("finetuned", "a", 18, reports=20)
    record("constant", "b", 2, reports=12)
    assert "12 reports" in shown(compare_runs(quick, ["finetuned", "constant"], "test"))


def test_a_run_is_named_by_id_name_or_system_and_the_newest_is_taken(
    store, experiment, record, quick
):
    old, new = record("finetuned", "a", 5), record("finetuned", "b", 6)
    other = record("constant", "c", 1)

    def ids(*wanted):
        return [r.info.run_id for r in choose(store, experiment, wanted, "finetuned")]

    assert ids("finetuned") == [new]
    assert ids("finetuned a", old, other) == [old, old, other]
    assert ids() == [new, other]


@pytest.mark.parametrize(
    ("wanted", "split", "message"),
    [
        (["nobody"], "test", "there is no finished run 'nobody'; next: name one of: constant b"),
        (["models:/nobody@champion"], "test", "models:/nobody@champion is not registered"),
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


def test_on_a_terminal_of_80_columns_every_name_and_number_is_whole(quick, record):
    record("finetuned", "t5_tiny 1234567", 18)
    record("constant", "b", 2)
    text = shown(compare_runs(quick, [], "test"), width=80)
    assert "finetuned t5_tiny 1234567 " in text
    assert "p = 0.005" in text
    assert "…" not in text
