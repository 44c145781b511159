"""A split is arranged from its numbers: tiles, drawings, tables and filters."""

from radimpress.config.schema import Access
from radimpress.report.example_view import ExampleFiles
from radimpress.report.results import Results, read_results
from radimpress.report.split_view import split_view, styles_for


def view_of(evaluated, split="test"):
    results = read_results(evaluated.reports_dir)
    files = ExampleFiles(evaluated.reports_dir, evaluated.splits_dir, split)
    return split_view(results, split, evaluated.config, styles_for(results, "finetuned"), files)


def test_tiles_show_the_candidate_beside_the_best_other(evaluated):
    view = view_of(evaluated)
    estimates = {
        name: splits["test"]["all"]["rougeL"]["value"]
        for name, splits in evaluated.metrics()["systems"].items()
    }
    assert view.tiles[0].value == f"{estimates['finetuned']:.3f}"
    best = max(value for name, value in estimates.items() if name != "finetuned")
    assert view.tiles[0].rival == f"Best other: {best:.3f}, nearest report"


def test_the_candidate_has_its_own_mark_and_the_others_differ():
    results = Results({name: {} for name in [*"abcdef", "finetuned"]}, {})
    styles = styles_for(results, "finetuned")
    assert styles["finetuned"] == "candidate"
    assert len(set(styles.values())) == 7


def test_each_kind_of_error_is_drawn_from_zero(evaluated):
    charts = view_of(evaluated).error_charts
    assert len(charts) == 6
    assert {each.chart.ticks[0].label.rstrip("%").rstrip("0.") for each in charts} == {""}


def test_filters_count_what_they_show(evaluated):
    view = view_of(evaluated)
    assert view.filters[0].kind.value == "worst"
    for each in view.filters:
        assert each.count == sum(each.kind in example.kinds for example in view.examples) > 0


def test_a_private_corpus_has_mentions_instead_of_examples(evaluated):
    evaluated.config.data.access = Access.private
    view = view_of(evaluated)
    assert view.examples == ()
    assert len(view.mentions) == evaluated.config.evaluation.examples


def test_without_other_systems_there_are_no_tests(evaluated):
    metrics = evaluated.metrics()
    evaluated.write("metrics.json", {"systems": {"finetuned": metrics["systems"]["finetuned"]}})
    (evaluated.reports_dir / "comparisons.json").unlink()
    view = view_of(evaluated)
    assert view.tests is None
    assert view.tiles[0].rival == ""
