from radimpress.registry.evidence.leaks import Leak
from radimpress.registry.gates.records import Records, leakage, lineage
from radimpress.registry.lineage.link import broken, holds, unchecked

CLEAN = (Leak("patients on two sides", 0), Leak("validation pairs in test", 0))


def test_every_link_must_hold():
    ruling = lineage(Records((holds("model", "abc", "given"), holds("tags", "9", "there")), CLEAN))
    assert ruling.passed
    assert ruling.value == "2 of 2 links hold"
    assert ruling.reason == ""


def test_a_link_that_is_broken_or_cannot_be_checked_is_named():
    links = (
        holds("tags", "9 of 9", "there"),
        broken("model", "abc", "gives def"),
        unchecked("dvc.lock", "012", "nowhere"),
    )
    ruling = lineage(Records(links, CLEAN))
    assert not ruling.passed
    assert ruling.value == "1 of 3 links hold"
    assert ruling.reason == "model abc: gives def; dvc.lock 012: nowhere"


def test_a_rehearsal_that_lets_uncommitted_changes_pass_says_so_in_the_record():
    links = (holds("commit", "abc", "in this repository"),)
    assert lineage(Records(links, CLEAN)).threshold == "every link"
    ruling = lineage(Records(links, CLEAN, clean=False))
    assert ruling.threshold == "every link; UNCOMMITTED CHANGES ALLOWED"


def test_no_leak_passes():
    ruling = leakage(Records((), CLEAN))
    assert ruling.passed
    assert ruling.value == "0 patients on two sides, 0 validation pairs in test"


def test_one_leaked_pair_is_refused():
    ruling = leakage(
        Records((), (CLEAN[0], Leak("validation pairs in test", 1, "e.g. of study 7")))
    )
    assert not ruling.passed
    assert ruling.value == "1 validation pairs in test"
    assert ruling.reason == "e.g. of study 7"
