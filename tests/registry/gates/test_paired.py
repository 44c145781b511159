import pytest

from radimpress.config.promotion import PairedGate, Promotion, Superiority
from radimpress.registry.gates.paired import clinical, score


def test_without_a_champion_the_score_is_shown_and_not_judged(evidence):
    ruling = score(evidence())
    assert (ruling.judged, ruling.passed) == (False, False)
    assert ruling.value == "rougeL 1.0000"
    assert ruling.reason == "not judged: no champion"


def test_a_candidate_equal_to_the_champion_is_not_inferior(evidence, references):
    ruling = score(evidence(champion=references))
    assert ruling.passed
    assert ruling.value == "rougeL 1.0000, champion 1.0000: +0.0000"
    assert ruling.interval == "[+0.0000, +0.0000]"
    assert ruling.reason == ""


def test_a_worse_candidate_is_refused_with_how_much_worse_it_may_be(evidence, references, spoilt):
    ruling = score(evidence(candidate=spoilt(0, 10, "Fracture."), champion=references))
    assert not ruling.passed
    assert ruling.judged
    assert ruling.value == "rougeL 0.8333, champion 1.0000: -0.1667"
    assert ruling.reason.startswith("may be worse by up to 0.2")
    assert ruling.reason.endswith("which is more than 0.02")


def test_a_small_loss_passes_where_the_margin_allows_its_whole_interval(
    evidence, references, spoilt
):
    wide = Promotion(score=PairedGate(margin=0.3))
    worse = spoilt(0, 10, "Fracture.")
    assert score(evidence(candidate=worse, champion=references, promotion=wide)).passed


@pytest.mark.parametrize(("spoil", "passed"), [(0, False), (20, True)])
def test_superiority_asks_for_a_difference_above_the_margin(
    evidence, references, spoilt, spoil, passed
):
    rule = Promotion(score=PairedGate(rule=Superiority.superior, margin=0.05))
    ruling = score(evidence(champion=spoilt(1, spoil, "Fracture."), promotion=rule))
    assert ruling.passed is passed
    if not passed:
        assert ruling.reason == "not shown to be better by more than 0.05"


def test_clinical_f1_sees_what_a_lost_finding_costs(evidence, references, spoilt):
    ruling = clinical(evidence(candidate=spoilt(1, 15, "No acute disease."), champion=references))
    assert not ruling.passed
    assert ruling.value.startswith("clinical_f1_micro 0.8")


def test_a_score_that_is_not_defined_is_refused_and_does_not_crash(evidence):
    silent = [""] * 60
    ruling = clinical(
        evidence(
            candidate=silent,
            champion=silent,
            promotion=Promotion(clinical=PairedGate("clinical_f1_micro", margin=1.0)),
        )
    )
    assert ruling.passed is (ruling.reason == "")
    assert ruling.value.startswith("clinical_f1_micro 0.0000")
