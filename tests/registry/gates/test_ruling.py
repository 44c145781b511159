from radimpress.registry.gates.ruling import not_judged


def test_what_is_not_judged_is_not_passed_and_says_why():
    ruling = not_judged("0.81", "no champion", "at least 0.9", "[0.8, 0.82]")
    assert (ruling.judged, ruling.passed) == (False, False)
    assert ruling.reason == "not judged: no champion"
    assert (ruling.value, ruling.threshold, ruling.interval) == (
        "0.81",
        "at least 0.9",
        "[0.8, 0.82]",
    )
