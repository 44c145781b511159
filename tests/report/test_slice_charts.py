"""Slices are grouped, named for readers, and small ones are marked."""

import pytest

from radimpress.metrics.significance import Estimate
from radimpress.report.results import Results
from radimpress.report.slice_charts import slice_families, slice_label

STYLES = {"lead": "other-1", "retrieval": "other-2", "finetuned": "candidate"}


def results(*pieces, small=()):
    def metrics(piece, value):
        n = 5 if piece in small else 100
        return {"rougeL": Estimate(value, 0, 1, n), "clinical_f1_micro": Estimate(value, 0, 1, n)}

    return Results(
        {
            name: {"test": {piece: metrics(piece, value) for piece in pieces}}
            for name, value in (("lead", 0.2), ("retrieval", 0.6), ("finetuned", 0.9))
        },
        {},
    )


def families(found):
    return {f.title: f for f in slice_families(found, "test", "finetuned", STYLES, 30)}


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("all", "All reports"),
        ("abnormal", "Abnormal"),
        ("length_1_to_20", "1 to 20 words"),
        ("length_over_80", "Over 80 words"),
        ("observation_pleural_effusion", "Pleural effusion"),
        ("source_mimic_cxr", "Mimic cxr"),
    ],
)
def test_a_slice_is_named_for_readers(name, label):
    assert slice_label(name) == label


def test_families_of_one_slice_are_left_out():
    found = families(results("all", "normal", "abnormal", "length_1_to_20", "source_synthetic"))
    assert list(found) == ["Normal and abnormal"]


def test_each_family_has_a_drawing_and_a_table_a_metric():
    family = families(results("all", "normal", "abnormal"))["Normal and abnormal"]
    assert [chart.title for chart in family.charts] == ["ROUGE-L", "Clinical F1"]
    assert [row.label for row in family.tables[0].rows] == [
        "All reports (100)",
        "Normal (100)",
        "Abnormal (100)",
    ]
    assert len(family.charts[0].groups[0].marks) == 3


def test_small_slices_are_marked_in_drawing_and_table():
    family = families(results("all", "normal", "abnormal", small=("abnormal",)))
    assert [group.small for group in family["Normal and abnormal"].charts[0].groups] == [
        False,
        False,
        True,
    ]
    assert family["Normal and abnormal"].tables[0].rows[2].small


def test_a_crowded_drawing_keeps_the_candidate_and_its_strongest_rival():
    pieces = [f"observation_{name}" for name in "abcdefgh"]
    family = families(results("all", *pieces))["Observation"]
    marks = {mark.label for mark in family.charts[0].groups[0].marks}
    assert marks == {"Fine-tuned model", "Nearest report"}
    assert "the nearest report; the table has all" in family.note
    assert len(family.tables[0].columns) == 3
