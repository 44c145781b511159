import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.robust_profile import parse
from radimpress.corpus.synthetic import generate_studies

TITLE = "                                 FINAL REPORT\n"
RULE = " " + "_" * 78 + "\n"


def test_an_impression_before_the_findings_is_only_in_the_impression() -> None:
    parsed = parse(f"{TITLE} INDICATION:  Cough.\n IMPRESSION:  Normal.\n FINDINGS:  Clear.\n")
    assert parsed.background == "Indication: Cough."
    assert (parsed.findings, parsed.impression) == ("Clear.", "Normal.")


def test_numbers_and_bullets_are_left_as_they_stand() -> None:
    parsed = parse(" FINDINGS:  Rib 7. No air.\n IMPRESSION:  1) Rib 7. No air.\n 10. Stable.\n")
    assert parsed.findings == "Rib 7. No air."
    assert parsed.impression == "1) Rib 7. No air. 10. Stable."


def test_words_stay_apart_where_a_line_lacks_its_space() -> None:
    parsed = parse(
        " FINDINGS:  The lungs\nare clear.\r\n IMPRESSION:  Left-\n sided pre-\n and post."
    )
    assert parsed.findings == "The lungs are clear."
    assert parsed.impression == "Left-sided pre- and post."


@pytest.mark.parametrize(
    ("header", "background"),
    [
        ("COMPARISON & TECHNIQUE", "Comparison & technique: None."),
        ("Comparison", "Comparison: None."),
        ("COMPARISON 2", "Comparison 2: None."),
        ("comparison", "comparison: None."),
    ],
)
def test_headers_with_other_letters_end_the_findings(header: str, background: str) -> None:
    parsed = parse(f" Findings:  Clear.\n \n {header}:  None.\n \n Impression:  Normal.\n")
    assert (parsed.findings, parsed.background) == ("Clear.", background)


@pytest.mark.parametrize(
    "header", ["FINDINGS AND IMPRESSION", "Findings/Impression", "FINDINGS & IMPRESSION"]
)
def test_a_combined_section_is_dropped_with_its_reason(header: str) -> None:
    parsed = parse(f" INDICATION:  Cough.\n {header}:  Normal.\n")
    assert parsed.dropped == "combined_findings_and_impression"
    assert (parsed.background, parsed.findings, parsed.impression) == ("Indication: Cough.", "", "")


def test_a_combined_header_broken_over_two_lines_is_one() -> None:
    parsed = parse(" FINDINGS AND \n IMPRESSION:  Normal.\n")
    assert parsed.dropped == "combined_findings_and_impression"


@pytest.mark.parametrize(
    "above",
    [
        f" WET READ: ___ 9:40 PM\n  Pneumonia.\n{RULE}",
        f"ADDENDUM:  Pneumonia.\n IMPRESSION:  Pneumonia.\n{RULE}",
        " PRELIMINARY REPORT\n Pneumonia.\n",
    ],
)
def test_wet_reads_and_addenda_above_the_title_are_in_no_part(above: str) -> None:
    parsed = parse(f"{above}{TITLE} FINDINGS:  Clear.\n IMPRESSION:  Normal.\n")
    assert (parsed.background, parsed.findings, parsed.impression) == ("", "Clear.", "Normal.")


@pytest.mark.parametrize(
    "aside",
    [
        " ADDENDUM:  Pneumonia.\n",
        " ADDENDUM  Pneumonia.\n",
        " WET READ:  Pneumonia.\n",
        " RECOMMENDATION(S):  Treat pneumonia.\n",
        " NOTIFICATION:  Pneumonia was reported by phone.\n",
        " PROVISIONAL FINDINGS IMPRESSION (PFI): 1. Pneumonia.\n",
        f"{RULE} Dictated about pneumonia.\n",
    ],
)
def test_what_is_said_aside_is_in_no_part(aside: str) -> None:
    body = " FINDINGS:  Clear.\n IMPRESSION:  Normal.\n"
    behind = parse(f"{TITLE}{body}{aside}")
    assert (behind.background, behind.findings, behind.impression) == ("", "Clear.", "Normal.")


def test_an_addendum_without_a_title_below_ends_at_its_rule() -> None:
    parsed = parse(
        f" ADDENDUM:  Old.\n{RULE} Chest film.\n FINDINGS:  Clear.\n IMPRESSION:  Normal."
    )
    assert (parsed.background, parsed.impression) == ("Chest film.", "Normal.")


def test_a_view_is_findings_where_no_section_is_called_so() -> None:
    only = parse(" INDICATION:  Cough.\n Chest, 2 views:  Clear.\n IMPRESSION:  Normal.\n")
    assert (only.background, only.findings) == ("Indication: Cough.", "Clear.")
    both = parse(" CHEST, 2 VIEWS:  ___ at 10:30\n FINDINGS:  Clear.\n IMPRESSION:  Normal.\n")
    assert (both.background, both.findings) == ("Chest, 2 views: ___ at 10:30", "Clear.")


def test_captions_stay_in_their_section() -> None:
    parsed = parse(" FINDINGS:\n LUNGS: Clear.\n HEART: Normal.\n IMPRESSION:  CHEST: Normal.\n")
    assert parsed.findings == "LUNGS: Clear. HEART: Normal."
    assert parsed.impression == "CHEST: Normal."


def test_a_report_on_one_line_is_parsed() -> None:
    parsed = parse("FINAL REPORT INDICATION: Cough. FINDINGS: Clear. IMPRESSION: Normal.")
    assert parsed.background == "Indication: Cough."
    assert (parsed.findings, parsed.impression) == ("Clear.", "Normal.")


@pytest.mark.parametrize("gap", ["\n", " \n", "  ", " - ", ";\n", ".\n"])
def test_a_main_header_needs_no_colon(gap: str) -> None:
    parsed = parse(f" FINDINGS{gap}Clear.\n IMPRESSION{gap}Normal.\n")
    assert (parsed.findings, parsed.impression) == ("Clear.", "Normal.")


def test_prose_that_breaks_before_a_colon_is_no_header() -> None:
    parsed = parse(" FINDINGS:  There are new\n findings: a nodule.\n IMPRESSION:  Nodule.\n")
    assert parsed.findings == "There are new findings: a nodule."


def test_several_sections_of_a_kind_are_joined() -> None:
    parsed = parse(" FINDINGS:  A.\n IMPRESSION:  B.\n FINDINGS:  C.\n IMPRESSION:  D.\n")
    assert (parsed.findings, parsed.impression) == ("A. C.", "B. D.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty_report"),
        (" \n \n", "empty_report"),
        ("Some words.", "no_findings_and_no_impression"),
        (" FINDINGS:  Clear.", "no_impression"),
        (" IMPRESSION:  Normal.", "no_findings"),
        (" FINDINGS: \n IMPRESSION:  Normal.", "no_findings"),
    ],
)
def test_what_is_missing_is_the_reason(text: str, reason: str) -> None:
    assert parse(text).dropped == reason


words = st.sampled_from(
    ["clear", "no effusion.", "rib 7.", "T12.", "1.5 cm", "___", "stable,", "heart", "(new)", "x"]
)
bodies = st.lists(words, min_size=1, max_size=40).map(" ".join)
backgrounds = st.sampled_from(
    [
        "INDICATION",
        "HISTORY",
        "COMPARISON & TECHNIQUE",
        "Technique",
        "EXAMINATION",
        "REASON FOR EXAM",
    ]
)


def in_mimic_layout(header: str, body: str) -> str:
    """Lines of at most 79 characters that start with one space, and a blank one of a space."""
    lines, line = [], f" {header}: "
    for word in body.split():
        if len(line) + 1 + len(word) > 79:
            lines.append(line)
            line = ""
        line += f" {word}"
    return "\n".join([*lines, line, " \n"])


@given(
    st.lists(st.tuples(backgrounds, bodies), max_size=3),
    bodies,
    bodies,
    st.randoms(use_true_random=False),
    st.booleans(),
    st.sampled_from(["FINDINGS", "Findings"]),
    st.sampled_from(["IMPRESSION", "Impression", "CONCLUSION"]),
)
def test_sections_in_any_order_come_back_as_they_went_in(
    context: list[tuple[str, str]],
    findings: str,
    impression: str,
    shuffle: object,
    wet_read: bool,
    findings_header: str,
    impression_header: str,
) -> None:
    parts = [*context, (findings_header, findings), (impression_header, impression)]
    shuffle.shuffle(parts)  # type: ignore[attr-defined]
    above = f" WET READ:  {impression}\n{RULE}" if wet_read else ""
    parsed = parse(above + TITLE + "".join(itertools.starmap(in_mimic_layout, parts)))
    assert parsed.dropped is None
    assert parsed.findings == findings
    assert parsed.impression == impression
    expected = [
        f"{name.capitalize() if name.isupper() else name}: {body}"
        for name, body in parts
        if name not in (findings_header, impression_header)
    ]
    assert parsed.background == " ".join(expected)


@given(st.text(alphabet=st.sampled_from("FINDGSMPREO :\n_-.aé1\t\r\u2028")))
def test_any_text_at_all_is_parsed(text: str) -> None:
    parsed = parse(text)
    for section in (parsed.background, parsed.findings, parsed.impression):
        assert section == " ".join(section.split())


@pytest.mark.parametrize(
    "unit",
    ["\n A", "FINDINGS: ", "A", "\n ", "___", "FINAL REPORT\n", "FINDINGS AND \n", "a-\n", ": "],
)
def test_hostile_reports_are_read_in_linear_time(unit: str) -> None:
    parse(unit * (500_000 // len(unit)))


@pytest.mark.parametrize("institution", ["A", "B"])
def test_generated_reports_give_their_true_sections(institution: str) -> None:
    """But for findings under a view behind an impression: those are dropped, and nothing leaks."""
    wrong = 0
    studies = list(generate_studies(institution, 1500, 23))
    for study in studies:
        parsed = parse(study.raw)
        exact = (parsed.findings, parsed.impression) == (study.findings, study.impression)
        assert exact or parsed.dropped == "no_findings"
        wrong += not exact
    assert wrong <= 0.003 * len(studies)
