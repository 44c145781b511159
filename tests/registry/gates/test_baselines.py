from radimpress.registry.gates.baselines import baselines


def test_a_candidate_better_than_every_baseline_passes(evidence):
    ruling = baselines(evidence(baselines={"constant": ["No acute disease."] * 60}))
    assert ruling.passed
    assert ruling.value == "rougeL 1.0000; constant 0.3333"
    assert ruling.interval.startswith("constant [+0.5")


def test_the_baselines_that_are_not_beaten_are_named(evidence, references, spoilt):
    systems = {"constant": ["No acute disease."] * 60, "retrieval": references}
    ruling = baselines(evidence(candidate=spoilt(0, 20, "Fracture."), baselines=systems))
    assert not ruling.passed
    assert ruling.reason == "not better than retrieval"


def test_as_good_as_a_baseline_is_not_better(evidence, references):
    assert not baselines(evidence(baselines={"retrieval": references})).passed


def test_a_silent_model_beats_nothing(evidence):
    systems = {"constant": ["No acute disease."] * 60}
    ruling = baselines(evidence(candidate=[""] * 60, baselines=systems))
    assert ruling.reason == "not better than constant"
