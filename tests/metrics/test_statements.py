import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.synthetic import pairs
from radimpress.metrics.labels.sentences import list_numbers
from radimpress.metrics.statements import Statement, Support, statements

FINDINGS = (
    "The heart is enlarged. Small left pleural effusion. No pneumothorax. "
    "5 mm nodule in the right upper lobe."
)
PIECES = st.sampled_from(
    [
        "1.",
        "- ",
        "\n",
        "No",
        "left",
        "right",
        "effusion",
        "and",
        "pneumothorax",
        "heart",
        "enlarged",
        "stable",
        "5 mm",
        ".",
        ";",
        "with",
        "lungs are clear",
        "No acute abnormality",
        "🫁",
    ]
)
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=20).map(" ".join))


def told(impression: str, findings: str = FINDINGS, background: str = "") -> list[Statement]:
    return list(statements(findings, background, impression))


def one(impression: str, findings: str = FINDINGS, background: str = "") -> Statement:
    (only,) = told(impression, findings, background)
    return only


def evidence(statement: Statement, findings: str = FINDINGS) -> list[str]:
    return [findings[span.start : span.end] for span in statement.evidence]


def test_a_backed_statement_shows_the_sentence_that_backs_it() -> None:
    found = one("Left effusion.")
    assert found.support is Support.supported
    assert found.observations == ("Pleural Effusion",)
    assert evidence(found) == ["Small left pleural effusion."]
    assert found.notes == ()


def test_a_backed_negation_shows_the_sentence_that_excludes_it() -> None:
    assert evidence(one("No pneumothorax.")) == ["No pneumothorax."]


def test_a_statement_from_nowhere_is_unsupported_and_has_no_evidence() -> None:
    found = one("Right rib fracture.")
    assert found.support is Support.unsupported
    assert found.evidence == ()
    assert (found.notes, found.concerns) == (("not_in_findings",), ("Fracture",))


def test_a_flipped_negation_is_contradicted_by_the_sentence_that_says_otherwise() -> None:
    found = one("Small pneumothorax.")
    assert (found.support, found.notes) == (Support.contradicted, ("negated_in_findings",))
    assert evidence(found) == ["No pneumothorax."]
    found = one("No effusion.")
    assert (found.support, found.notes) == (Support.contradicted, ("stated_in_findings",))
    assert evidence(found) == ["Small left pleural effusion."]


def test_the_other_side_is_named_with_the_sentence_that_has_it() -> None:
    found = one("Right effusion.")
    assert (found.support, found.notes) == (Support.side_differs, ("other_side",))
    assert evidence(found) == ["Small left pleural effusion."]


def test_a_number_that_nobody_measured_makes_a_statement_unsupported() -> None:
    found = one("8 mm nodule in the right upper lobe.")
    assert (found.support, found.notes) == (Support.unsupported, ("invented_number",))
    assert found.concerns == ("8 mm",)
    assert one("5 mm right upper lobe nodule.").support is Support.supported


def test_a_comparison_needs_a_prior_study() -> None:
    assert one("Unchanged left effusion.").notes == ("unfounded_comparison",)
    known = one("Unchanged left effusion.", background="Comparison: chest 2019.")
    assert known.support is Support.supported


def test_advice_is_not_checked() -> None:
    found = one("Recommend clinical correlation.")
    assert (found.support, found.observations) == (Support.unchecked, ())


def test_each_half_of_a_sentence_gets_its_own_verdict() -> None:
    found = told("Cardiomegaly and right rib fracture.")
    assert [(each.text, each.support) for each in found] == [
        ("Cardiomegaly", Support.supported),
        ("and right rib fracture.", Support.unsupported),
    ]


def test_the_gravest_verdict_of_a_statement_counts() -> None:
    found = one("Effusion or pneumothorax or fracture.", "No pneumothorax. Left effusion.")
    assert found.support is Support.unsupported
    assert found.concerns == ("Pneumothorax", "Fracture")


def test_a_normal_impression_is_backed_by_normal_findings_alone() -> None:
    normal = "Heart size is normal. Lungs are clear. Thank you."
    found = one("No acute cardiopulmonary abnormality.", normal)
    assert (found.support, found.observations) == (Support.supported, ("No Finding",))
    assert evidence(found, normal) == ["Heart size is normal.", "Lungs are clear."]
    found = one("No acute cardiopulmonary abnormality.")
    assert found.support is Support.contradicted
    assert evidence(found) == ["Small left pleural effusion."]


def test_an_all_clear_after_what_was_told_is_not_contradicted() -> None:
    findings = "Small left pleural effusion. The lungs are clear."
    found = told("1. Left effusion. 2. No other acute abnormality.", findings)
    assert [each.support for each in found] == [Support.supported, Support.supported]


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_the_texts_the_statements_are_sound(
    findings: str, background: str, impression: str
) -> None:
    found = statements(findings, background, impression)
    assert found == statements(findings, background, impression)
    place = 0
    for each in found:
        assert place <= each.start < each.end <= len(impression)
        place = each.end
        assert each.text == impression[each.start : each.end] == each.text.strip()
        assert len(each.notes) == len(each.concerns)
        assert each.support is not Support.supported or not each.notes
        for span in each.evidence:
            assert 0 <= span.start < span.end <= len(findings)
            sentence = findings[span.start : span.end]
            assert sentence == sentence.strip()
    listed = {place for low, high in list_numbers(impression) for place in range(low, high)}
    covered = {place for each in found for place in range(each.start, each.end)}
    for place, character in enumerate(impression):
        if place not in covered | listed:
            assert character.isspace() or character in "-*•"


@pytest.mark.parametrize("institution", ["A", "B"])
def test_reference_impressions_of_generated_reports_are_backed(institution: str) -> None:
    counts = Counter(
        each.support
        for report in pairs(institution, 300, seed=5)
        for each in statements(report.findings, report.background, report.impression)
    )
    assert counts[Support.contradicted] == counts[Support.side_differs] == 0
    assert counts[Support.unsupported] <= 0.01 * counts.total()
    assert counts[Support.supported] > 0.8 * counts.total()


def test_reference_impressions_of_real_reports_are_mostly_backed(indiana_half: Path) -> None:
    counts = Counter(
        each.support
        for report in json.loads(indiana_half.read_text(encoding="utf-8"))
        for each in statements(report["findings"], report["background"], report["impression"])
    )
    assert counts[Support.contradicted] + counts[Support.side_differs] < 0.015 * counts.total()
    assert counts[Support.unsupported] < 0.03 * counts.total()


@pytest.mark.parametrize(
    ("findings", "impression"),
    [
        ("No pneumothorax on the left, but there is a large one on the right.", "No pneumothorax."),
        ("The left lung is clear.", "No right consolidation."),
        ("The left lung is clear.", "No consolidation."),
        ("No large pleural effusion.", "No pleural effusion."),
    ],
)
def test_an_exclusion_of_a_part_does_not_back_one_of_the_whole(findings, impression):
    (statement,) = statements(findings, "", impression)
    assert statement.support is Support.unchecked
    assert statement.notes == ("in_part",)


@pytest.mark.parametrize(
    ("findings", "impression"),
    [
        ("No effusion on the right. No effusion on the left.", "No pleural effusion."),
        ("No pleural effusion.", "No left pleural effusion."),
        ("No left pleural effusion.", "No left pleural effusion."),
        ("No large pleural effusion.", "No large pleural effusion."),
        ("The lungs are clear.", "No pneumonia."),
    ],
)
def test_an_exclusion_backs_what_lies_in_it(findings, impression):
    (statement,) = statements(findings, "", impression)
    assert statement.support is Support.supported
