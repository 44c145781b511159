from radimpress.config.promotion import Promotion, SliceGate
from radimpress.registry.gates.pieces import slices


def gate(least, margin=0.05):
    return Promotion(slices=SliceGate("rougeL", margin, least))


def test_a_slice_that_loses_more_than_the_margin_is_named(evidence, references, spoilt):
    worse = spoilt(0, 20, "Rib fracture.")
    ruling = slices(evidence(candidate=worse, champion=references, promotion=gate(20)))
    assert not ruling.passed
    assert "normal -1.0000 (n 20)" in ruling.reason
    assert "abnormal" not in ruling.reason


def test_a_loss_that_the_whole_does_not_show_is_found(evidence, references, spoilt):
    champion = spoilt(1, 20, "Rib fracture.")
    candidate = spoilt(0, 20, "Rib fracture.")  # as good on the whole
    ruling = slices(evidence(candidate=candidate, champion=champion, promotion=gate(20)))
    assert "normal -1.0000" in ruling.reason


def test_small_slices_are_not_judged(evidence, references, spoilt):
    worse = spoilt(0, 20, "Rib fracture.")
    ruling = slices(evidence(candidate=worse, champion=references, promotion=gate(41)))
    assert "normal" not in ruling.reason


def test_where_every_slice_is_small_nothing_is_judged(evidence, references):
    ruling = slices(evidence(champion=references, promotion=gate(61)))
    assert not ruling.judged
    assert ruling.reason == "not judged: no slice has 61 reports"


def test_a_loss_within_the_margin_passes_and_the_worst_slice_is_shown(evidence, references, spoilt):
    worse = spoilt(0, 1, "Rib fracture.")
    ruling = slices(evidence(candidate=worse, champion=references, promotion=gate(20)))
    assert ruling.passed
    assert ruling.value.endswith("the least: normal -0.0500 (n 20)")


def test_without_a_champion_slices_are_counted(evidence):
    ruling = slices(evidence(promotion=gate(20)))
    assert not ruling.judged
    assert ruling.reason == "not judged: no champion"
