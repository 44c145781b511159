import json
from dataclasses import replace

import pytest

from radimpress.registry.gates.ruling import GateResult
from radimpress.registry.promotion.decision import (
    Decision,
    as_json,
    as_markdown,
    digest,
    record_digest,
    refuse_overrides,
)
from radimpress.runtime.errors import RadimpressError


def gate(name, passed=True, judged=True, overridable=True, value="0.8"):
    return GateResult(name, passed, value, "0.7", "[0.7, 0.9]", "a reason", judged, overridable)


def decided(*gates, **overrides):
    return Decision("7", "6", "test", "a" * 32, 311, gates, overrides)


@pytest.mark.parametrize(
    ("found", "overrides", "verdict", "passed"),
    [
        (gate("score"), {}, "pass", True),
        (gate("score", passed=False), {}, "fail", False),
        (gate("score", passed=False), {"score": "why"}, "overridden", True),
        (gate("score"), {"score": "why"}, "pass", True),
        (gate("score", passed=False, judged=False), {}, "not judged", True),
        (gate("lineage", passed=False, overridable=False), {"lineage": "why"}, "fail", False),
    ],
)
def test_a_decision_passes_where_no_judged_gate_fails(found, overrides, verdict, passed):
    decision = decided(gate("other"), found, **overrides)
    assert decision.verdict(found) == verdict
    assert decision.passed is passed


def test_the_record_is_plain_and_says_everything():
    record = as_json(decided(gate("score", passed=False), score="why"))
    assert json.loads(json.dumps(record)) == record
    assert list(record) == [
        *("format", "candidate", "champion", "split", "split_md5", "reports", "passed"),
        *("gates", "overrides"),
    ]
    assert record["gates"][0]["verdict"] == "overridden"
    assert record["overrides"] == {"score": "why"}


def test_the_digest_is_of_the_record_as_a_file_keeps_it():
    decision = decided(gate("score"), gate("latency"))
    kept = json.loads(json.dumps(as_json(decision), indent=2))
    assert record_digest(kept) == digest(decision)
    assert len(digest(decision)) == 64


def test_any_number_but_the_measured_time_changes_the_digest():
    first = decided(gate("score"), gate("latency"))
    assert digest(first) == digest(decided(gate("score"), gate("latency", value="9 ms")))
    assert digest(first) != digest(decided(gate("score", value="0.9"), gate("latency")))
    assert digest(first) != digest(decided(gate("score"), gate("latency", passed=False)))
    assert digest(first) != digest(replace(first, candidate="8"))
    assert digest(first) != digest(replace(first, overrides={"score": "why"}))


def test_the_page_shows_each_gate_in_a_row_and_shouts_what_failed():
    page = as_markdown(decided(gate("score"), gate("clinical", passed=False)))
    assert page.startswith("# Version 7 against version 6: refused\n")
    assert "| score | pass | 0.8 | 0.7 | [0.7, 0.9] | a reason |" in page
    assert "| clinical | **FAIL** |" in page


def test_a_reason_cannot_break_the_table_or_the_page():
    bad = decided(gate("score", passed=False), score="a | b\n\n# heading")
    page = as_markdown(bad)
    assert "because: a \\| b # heading" in page
    assert "\n# heading" not in page


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"lineage": "why"}, "the gate 'lineage' is never overridden; next: mend"),
        ({"leakage": "why"}, "'leakage' is never overridden"),
        ({"scores": "why"}, "no gate is named 'scores'; next: name one of reports, answers, score"),
        ({"score": " "}, "the override of 'score' has no reason"),
    ],
)
def test_overrides_that_are_not_allowed_are_refused(overrides, message):
    with pytest.raises(RadimpressError, match=message):
        refuse_overrides(overrides)


def test_an_override_with_a_reason_is_allowed():
    refuse_overrides({"latency": "a larger machine is ordered"})
