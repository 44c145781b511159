"""The CSV files that `dvc plots` draws."""

from radimpress.metrics.score import Scores
from radimpress.metrics.significance import Estimate
from radimpress.report.plots import write_plots


def scores(value, pieces=("all",)):
    found = {piece: {"rougeL": Estimate(value, 0, 1, 7)} for piece in pieces}
    return Scores((), {}, found)


def test_systems_and_slices_are_rows_and_an_absent_metric_is_blank(tmp_path):
    by_system = {
        "constant": {"test": scores(0.25)},
        "finetuned": {"test": scores(0.5, ("all", "normal")), "test_openi": scores(0.125)},
    }
    write_plots(tmp_path / "plots", by_system, "finetuned")
    assert (tmp_path / "plots" / "systems.csv").read_text().splitlines() == [
        "system,rougeL,clinical_f1_micro,hallucination_rate,omission_rate,contradiction_rate,"
        "side_flip_rate",
        "constant,0.250000,,,,,",
        "finetuned,0.500000,,,,,",
        "finetuned on openi,0.125000,,,,,",
    ]
    assert (tmp_path / "plots" / "slices.csv").read_text().splitlines() == [
        "slice,n,rougeL,clinical_f1_micro",
        "all,7,0.500000,",
        "normal,7,0.500000,",
        "all on openi,7,0.125000,",
    ]


def test_files_of_an_earlier_run_are_gone(tmp_path):
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "old.csv").write_text("x")
    write_plots(tmp_path / "plots", {"finetuned": {"test": scores(1.0)}}, "finetuned")
    assert sorted(p.name for p in (tmp_path / "plots").iterdir()) == ["slices.csv", "systems.csv"]
