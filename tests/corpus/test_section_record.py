import pytest

from radimpress.corpus.section_record import Sections, Unusable, sections


@pytest.mark.parametrize(
    ("background", "findings", "impression", "combined", "reason"),
    [
        ("b", "f", "i", False, None),
        ("b", "f", "i", True, None),
        ("b", "", "i", False, "no_findings"),
        ("b", "f", "", False, "no_impression"),
        ("b", "", "", False, "no_findings_and_no_impression"),
        ("", "", "", False, "empty_report"),
        ("b", "", "i", True, "combined_findings_and_impression"),
        ("", "", "", True, "combined_findings_and_impression"),
    ],
)
def test_the_reason_follows_from_what_is_missing(
    background: str, findings: str, impression: str, combined: bool, reason: str | None
) -> None:
    made = sections(background, findings, impression, combined)
    assert made == Sections(background, findings, impression, reason)


def test_a_reason_is_plain_text_for_json() -> None:
    assert type(sections("", "", "").dropped) is str
    assert sections("", "", "").dropped == Unusable.EMPTY
