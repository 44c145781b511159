from radimpress.registry.gates.records import Records
from radimpress.registry.gates.table import (
    NEVER_OVERRIDDEN,
    OVERRIDABLE,
    judge_evidence,
    judge_records,
    unmeasured,
)

ORDER = ("reports", "answers", "score", "clinical", "hallucination", "contradiction", "side_flip")


def test_gates_are_named_by_their_rules_in_a_fixed_order():
    assert NEVER_OVERRIDDEN == ("lineage", "leakage")
    assert (*ORDER, "slices", "baselines", "golden", "latency") == OVERRIDABLE


def test_lineage_and_leakage_are_never_overridable():
    results = judge_records(Records((), ()))
    assert [(r.name, r.overridable) for r in results] == [("lineage", False), ("leakage", False)]


def test_every_measured_gate_gives_a_result_that_may_be_overridden(evidence, references):
    results = judge_evidence(evidence(champion=references))
    assert tuple(r.name for r in results) == OVERRIDABLE
    assert all(r.overridable for r in results)


def test_a_model_that_generates_nothing_is_refused_by_named_gates(evidence, references):
    results = judge_evidence(
        evidence(
            candidate=[""] * 60,
            champion=references,
            baselines={"constant": ["No acute disease."] * 60},
        )
    )
    failed = {r.name for r in results if r.judged and not r.passed}
    assert {"answers", "score", "clinical", "baselines"} <= failed
    assert all(r.reason for r in results if r.name in failed)


def test_the_first_promotion_is_judged_by_ceilings_and_baselines(evidence):
    results = judge_evidence(evidence(baselines={"constant": ["No acute disease."] * 60}))
    not_judged = {r.name for r in results if not r.judged}
    assert not_judged == {"score", "clinical", "slices", "latency"}
    assert all(r.passed for r in results if r.judged)


def test_what_cannot_be_measured_is_not_judged_and_not_passed():
    results = unmeasured("the model is missing")
    assert tuple(r.name for r in results) == OVERRIDABLE
    assert not any(r.judged or r.passed for r in results)
    assert results[0].reason == "not judged: the model is missing"


def test_the_page_explains_every_gate(root):
    page = (root / "docs" / "gates.md").read_text(encoding="utf-8")
    assert [n for n in (*NEVER_OVERRIDDEN, *OVERRIDABLE) if f"\n| `{n}` | " not in page] == []
