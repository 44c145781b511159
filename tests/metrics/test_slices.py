"""Which report is in which slice."""

from hypothesis import given
from hypothesis import strategies as st

from radimpress.metrics.slices import slices


def members(found):
    return {name: mask.nonzero()[0].tolist() for name, mask in found.items()}


def test_every_kind_of_slice_has_its_members_in_reading_order():
    found = slices(
        findings_words=[20, 21, 90],
        normal=[True, False, False],
        sources=["indiana", "indiana", "open-i.xml"],
        observations=[[], ["Pleural Effusion", "Edema"], ["Edema"]],
        length_bins=[20, 40, 80],
    )
    assert list(members(found).items()) == [
        ("all", [0, 1, 2]),
        ("normal", [0]),
        ("abnormal", [1, 2]),
        ("length_1_to_20", [0]),
        ("length_21_to_40", [1]),
        ("length_over_80", [2]),
        ("source_indiana", [0, 1]),
        ("source_open_i_xml", [2]),
        ("observation_edema", [1, 2]),
        ("observation_pleural_effusion", [1]),
    ]


def test_slices_without_a_report_are_absent():
    found = slices([5], [True], ["a"], [[]], [20])
    assert list(found) == ["all", "normal", "length_1_to_20", "source_a"]


def test_without_bins_there_are_no_length_slices():
    assert not [name for name in slices([5], [True], ["a"], [[]], []) if "length" in name]


def test_no_reports_have_no_slices():
    assert slices([], [], [], [], [20]) == {}


@given(st.lists(st.tuples(st.integers(1, 200), st.booleans()), min_size=1))
def test_normal_and_abnormal_and_the_lengths_each_cut_the_whole_once(rows):
    found = slices(
        [r[0] for r in rows], [r[1] for r in rows], ["s"] * len(rows), [()] * len(rows), [20, 40]
    )
    lengths = [mask.sum() for name, mask in found.items() if name.startswith("length")]
    halves = [found[name].sum() for name in ("normal", "abnormal") if name in found]
    assert sum(lengths) == sum(halves) == found["all"].sum() == len(rows)
