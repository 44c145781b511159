import pytest

from radimpress.metrics.labels.labeller import claims, gathered, label
from radimpress.metrics.labels.observations import Observation
from radimpress.metrics.verdicts import Findings, Note, Support, on_all_clear, on_claim, on_words

NOTHING_ELSE = gathered([])


def test_findings_give_the_sentences_whose_labels_fulfil_a_condition() -> None:
    text = "Heart enlarged. No effusion. Normal chest."
    findings = Findings(text)
    found = findings.where(lambda said: Observation.PLEURAL_EFFUSION in said)
    assert [text[span.start : span.end] for span in found] == ["No effusion."]
    assert [text[span.start : span.end] for span in findings.all_clear()] == ["Normal chest."]


@pytest.mark.parametrize(
    ("findings", "impression", "support", "note"),
    [
        ("Left effusion.", "Left effusion", Support.supported, None),
        ("Left effusion.", "Possible effusion", Support.supported, None),
        ("Left effusion.", "Right effusion", Support.side_differs, Note.other_side),
        ("Left effusion.", "No effusion", Support.contradicted, Note.stated_in_findings),
        ("Possible effusion.", "No effusion", Support.unsupported, Note.stated_in_findings),
        ("Left effusion.", "No large effusion", Support.unchecked, Note.in_part),
        ("Left effusion.", "No right effusion", Support.unchecked, Note.in_part),
        ("Left effusion. No right effusion.", "No right effusion", Support.supported, None),
        ("No effusion.", "Effusion", Support.contradicted, Note.negated_in_findings),
        ("No effusion.", "Possible effusion", Support.unsupported, Note.negated_in_findings),
        ("No effusion.", "No effusion", Support.supported, None),
        ("No large effusion.", "Effusion", Support.unsupported, Note.not_in_findings),
        ("Heart enlarged.", "Effusion", Support.unsupported, Note.not_in_findings),
        ("Heart enlarged.", "No effusion", Support.unsupported, Note.not_in_findings),
        ("Normal chest.", "No effusion", Support.supported, None),
    ],
)
def test_a_claim_is_held_against_the_findings(
    findings: str, impression: str, support: Support, note: Note | None
) -> None:
    verdict = on_claim(Observation.PLEURAL_EFFUSION, label(impression), Findings(findings))
    assert (verdict.support, verdict.note) == (support, note)


def test_what_excludes_an_opacity_excludes_a_pneumonia() -> None:
    verdict = on_claim(Observation.PNEUMONIA, label("No pneumonia"), Findings("Lungs are clear."))
    assert verdict.support is Support.supported


def test_findings_that_state_and_exclude_leave_an_exclusion_open() -> None:
    findings = "The lungs are clear. Left basilar opacity."
    verdict = on_claim(Observation.LUNG_OPACITY, label("Clear lungs"), Findings(findings))
    assert verdict.support is Support.unchecked
    assert len(verdict.evidence) == 2


@pytest.mark.parametrize(
    ("findings", "sentence", "support"),
    [
        ("Heart size normal. No effusion.", "No acute abnormality", Support.supported),
        ("Normal chest.", "No acute abnormality", Support.supported),
        ("Left effusion.", "No acute abnormality", Support.contradicted),
        ("Heart enlarged.", "No acute abnormality", Support.unchecked),
        ("Heart enlarged.", "Normal chest", Support.contradicted),
        ("Possible effusion.", "Normal chest", Support.unchecked),
        ("", "No acute abnormality", Support.unsupported),
        ("Thank you.", "No acute abnormality", Support.unsupported),
    ],
)
def test_an_all_clear_stands_where_the_findings_name_no_disease(
    findings: str, sentence: str, support: Support
) -> None:
    assert on_all_clear(sentence, NOTHING_ELSE, Findings(findings)).support is support


def test_an_all_clear_may_follow_what_the_impression_has_told() -> None:
    findings = "Left effusion. Heart size normal."
    told = gathered(claims("Left effusion"))
    verdict = on_all_clear("No other abnormality", told, Findings(findings))
    assert verdict.support is Support.supported
    assert [findings[s.start : s.end] for s in verdict.evidence] == ["Heart size normal."]


def test_words_from_nowhere_are_named() -> None:
    found = list(on_words("Stable 5 mm nodule", "A nodule.", ""))
    assert [(each.note, each.concern) for each in found] == [
        (Note.invented_number, "5 mm"),
        (Note.unfounded_comparison, "stable"),
    ]
    assert not list(on_words("Stable 5 mm nodule", "A 0.5 cm nodule.", "Comparison: 2019."))
