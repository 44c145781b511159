from radimpress.config.promotion import ErrorGate, Promotion
from radimpress.registry.gates.errors import contradiction, hallucination, side_flip

WRONG_SIDE, INVENTED, NEGATED = "Right pleural effusion.", "Rib fracture.", "No pleural effusion."


def test_a_faultless_candidate_passes_with_an_upper_bound_on_its_share(evidence):
    for rule in (hallucination, contradiction, side_flip):
        ruling = rule(evidence())
        assert ruling.passed
        assert ruling.value == "0.0%"
        assert ruling.interval == "[0.0%, 6.0%]"  # none of 60: 1 - 0.025 ** (1 / 60)


def test_the_ceiling_holds_without_a_champion(evidence, spoilt):
    ruling = side_flip(evidence(candidate=spoilt(1, 9, WRONG_SIDE)))
    assert not ruling.passed
    assert ruling.value == "15.0%"
    assert ruling.threshold == "at most 10.0%"
    assert ruling.reason == "above the ceiling of 10.0%, champion or not"


def test_a_share_at_the_ceiling_passes(evidence, spoilt):
    assert side_flip(evidence(candidate=spoilt(1, 6, WRONG_SIDE))).passed


def test_each_kind_of_error_has_its_own_gate(evidence, spoilt):
    assert not contradiction(evidence(candidate=spoilt(1, 10, NEGATED))).passed
    assert hallucination(evidence(candidate=spoilt(1, 10, NEGATED))).passed
    assert not hallucination(evidence(candidate=spoilt(0, 15, INVENTED))).passed
    assert contradiction(evidence(candidate=spoilt(0, 15, INVENTED))).passed


def test_more_than_the_tolerance_above_the_champion_is_refused_below_the_ceiling(
    evidence, references, spoilt
):
    ruling = hallucination(evidence(candidate=spoilt(0, 3, INVENTED), champion=references))
    assert not ruling.passed
    assert ruling.value == "5.0%, champion 0.0%: +5.0 points"
    assert "more than 2 points above the champion" in ruling.reason


def test_the_tolerance_is_not_lost_to_rounding(evidence, references, spoilt):
    gate = Promotion(hallucination=ErrorGate(0.2, 0.05))
    three = evidence(candidate=spoilt(0, 3, INVENTED), champion=references, promotion=gate)
    assert "more than" not in hallucination(three).reason


def test_a_difference_within_the_tolerance_is_refused_where_it_is_sure(
    evidence, references, spoilt
):
    gate = Promotion(hallucination=ErrorGate(0.5, 0.3))
    ruling = hallucination(
        evidence(candidate=spoilt(0, 15, INVENTED), champion=references, promotion=gate)
    )
    assert ruling.reason == "above the champion with the whole interval"


def test_a_better_candidate_passes_whatever_the_champion_does(evidence, spoilt):
    ruling = hallucination(evidence(champion=spoilt(0, 15, INVENTED)))
    assert ruling.passed
    assert ruling.value == "0.0%, champion 25.0%: -25.0 points"


def test_a_silent_candidate_makes_no_errors(evidence):
    assert hallucination(evidence(candidate=[""] * 60)).passed
