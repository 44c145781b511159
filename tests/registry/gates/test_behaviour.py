from radimpress.config.promotion import GoldenGate, Promotion
from radimpress.registry.evidence.golden import FAMILIES, Outcome
from radimpress.registry.gates.behaviour import golden


def outcomes(family, good, bad):
    passed = [Outcome(f"{family} {n}", family, ()) for n in range(good)]
    failed = [Outcome(f"{family} bad {n}", family, ("states Edema",)) for n in range(bad)]
    return (*passed, *failed)


def test_each_family_is_counted_and_failed_cases_are_named(evidence):
    cases = outcomes("negation", 3, 1) + outcomes("side", 2, 0)
    ruling = golden(evidence(golden=cases))
    assert not ruling.passed
    assert ruling.value == "negation 3/4, side 2/2"
    assert ruling.threshold == "negation 100%, side 100%"
    assert ruling.reason == ("too few pass of negation; not passed: negation bad 0 (states Edema)")


def test_a_share_is_reached_by_just_as_many_cases(evidence):
    gate = Promotion(golden=GoldenGate(negation=0.7))
    assert golden(evidence(golden=outcomes("negation", 7, 3), promotion=gate)).passed
    assert not golden(evidence(golden=outcomes("negation", 6, 4), promotion=gate)).passed


def test_failed_cases_are_named_even_where_enough_pass(evidence):
    gate = Promotion(golden=GoldenGate(negation=0.5))
    ruling = golden(evidence(golden=outcomes("negation", 3, 1), promotion=gate))
    assert ruling.reason == "not passed: negation bad 0 (states Edema)"


def test_a_long_list_of_failed_cases_is_cut(evidence):
    ruling = golden(evidence(golden=outcomes("negation", 0, 12)))
    assert ruling.reason.endswith("and 4 more")


def test_every_family_has_a_threshold(evidence):
    cases = tuple(Outcome(family, family, ()) for family in FAMILIES)
    assert golden(evidence(golden=cases)).passed
