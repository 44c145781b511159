from radimpress.config.promotion import Promotion
from radimpress.registry.gates.output import answers, reports


def test_too_few_reports_are_refused(evidence):
    ruling = reports(evidence(promotion=Promotion(min_reports=61)))
    assert not ruling.passed
    assert (ruling.value, ruling.threshold) == ("60", "at least 61")
    assert ruling.reason


def test_just_enough_reports_pass(evidence):
    assert reports(evidence(promotion=Promotion(min_reports=60))).passed


def test_a_model_that_generates_nothing_is_refused_in_so_many_words(evidence):
    ruling = answers(evidence(candidate=[""] * 60))
    assert not ruling.passed
    assert ruling.value == "60 of 60 empty"
    assert ruling.reason == "the model generates nothing"


def test_one_empty_impression_is_refused_unless_allowed(evidence, spoilt):
    one = spoilt(0, 1, "")
    assert answers(evidence(candidate=one)).reason == "reports are left without impression"
    assert answers(evidence(candidate=one, promotion=Promotion(max_empty=0.02))).passed
