"""Each expectation was read off the official scripts; see the module's docstring."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radimpress.corpus.mediqa_profile import parse
from radimpress.corpus.section_record import Sections
from radimpress.corpus.synthetic import generate_studies

REPORT = "\n".join(
    (
        "                                 FINAL REPORT",
        " EXAMINATION:  CHEST (PA AND LAT)",
        " ",
        " INDICATION:  ___ year old woman with cough.",
        " ",
        " FINDINGS: ",
        " ",
        " The lungs are",
        " clear.  Heart normal.",
        " ",
        " IMPRESSION: ",
        " ",
        " 1. No acute disease.",
        " 2. Stable heart.",
        "",
    )
)


def test_an_ordinary_report_gives_the_official_texts() -> None:
    assert parse(REPORT) == Sections(
        background="EXAMINATION: CHEST (PA AND LAT) INDICATION: ___ year old woman with cough.",
        findings="The lungs are clear. Heart normal.",
        impression="No acute disease. Stable heart.",
        dropped=None,
    )


def test_the_first_findings_and_impression_that_are_not_blank_are_taken() -> None:
    report = (
        "\n FINDINGS: \n \n FINDINGS:  One.\n IMPRESSION:  Two.\n FINDINGS:  3.\n CONCLUSION: 4"
    )
    parsed = parse(report)
    # The line of a header is not searched for the next one: the blank FINDINGS swallows a line.
    assert (parsed.findings, parsed.impression) == ("One.", "Two.")


def test_an_impression_before_the_findings_lands_in_the_background() -> None:
    parsed = parse("\n IMPRESSION:  Normal.\n \n FINDINGS:  Clear.\n")
    assert parsed.background == "IMPRESSION: Normal."
    assert parsed.impression == "Normal."


def test_a_wet_read_lands_in_the_background() -> None:
    parsed = parse(" WET READ: Clear.\n ____\n FINDINGS:  Clear.\n IMPRESSION:  Normal.\n")
    assert parsed.background == "WET READ: Clear. ____"


@pytest.mark.parametrize(
    ("impression", "expected"),
    [
        ("Fracture of rib 7. No effusion.", "Fracture of rib No effusion."),
        ("10. Stable. 1) Normal.", "10. Stable. 1) Normal."),
        ("1. One 2. Two", "One Two"),
        ("Lungs\nclear", "Lungsclear"),
    ],
)
def test_the_faults_of_bullets_and_line_breaks_are_kept(impression: str, expected: str) -> None:
    assert parse(f"\n FINDINGS:  Clear.\n IMPRESSION:  {impression}").impression == expected


@pytest.mark.parametrize("header", ["Findings", "FINDINGS & MORE", "FINDINGS 2"])
def test_headers_with_other_letters_are_missed(header: str) -> None:
    assert parse(f"\n {header}:  Clear.\n IMPRESSION:  Normal.\n").dropped == "no_findings"


@pytest.mark.parametrize("header", ["FINDINGS AND IMPRESSION", "FINDINGS/IMPRESSION", "NDICATION"])
def test_a_combined_section_is_an_impression(header: str) -> None:
    parsed = parse(f"\n {header}:  Normal.\n")
    assert (parsed.impression, parsed.dropped) == ("Normal.", "no_findings")


@pytest.mark.parametrize("header", ["CHEST, TWO VIEWS", "PORTABLE AP", "RIBS", "FRONTAL VIEW"])
def test_a_view_is_a_findings_header(header: str) -> None:
    assert parse(f"\n {header}:  Clear.\n IMPRESSION:  Normal.\n").findings == "Clear."


def test_a_chest_history_is_none() -> None:
    assert parse("\n CHEST HISTORY:  Cough.\n IMPRESSION:  Normal.\n").dropped == "no_findings"


def test_only_the_last_word_of_a_findings_header_leaves_the_background() -> None:
    parsed = parse("\n INDICATION:  Cough.\n CHEST, TWO VIEWS:  Clear.\n IMPRESSION:  Normal.\n")
    assert parsed.background == "INDICATION: Cough. CHEST, TWO"


def test_a_findings_header_without_any_space_leaves_its_name_behind() -> None:
    assert parse("FINAL REPORT\n FINDINGS:  Clear.\n IMPRESSION: N.\n").background == "FINDINGS"


@pytest.fixture(scope="module")
def official() -> ModuleType:
    """The official preparation, re-created as plainly as it is described."""
    path = Path(__file__).parents[2] / "benchmarks" / "mediqa_official.py"
    spec = importlib.util.spec_from_file_location("mediqa_official", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PIECES = st.sampled_from(
    (
        *("\n", "\n ", " ", "  ", "\t", "\r\n", "\xa0", "\u2003", "\x1c", "\xad", ":", ": ", ":\n"),
        *("FINDINGS", "IMPRESSION", "FINAL REPORT", "CHEST (PA AND LAT)", "HISTORY", "Findings"),
        *("\n FINDINGS:", "\n IMPRESSION: ", "\n CONCLUSION:\n", "\n FINDINGS AND IMPRESSION:  "),
        *("1. ", "2.", " 7. No", "10. ", "no effusion.", "rib", "é", "___", "A-Z", "(", "/"),
    )
)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=1500, deadline=None)
def test_any_text_gives_what_the_plain_re_creation_gives(official: ModuleType, text: str) -> None:
    parsed = parse(text)
    assert (parsed.background, parsed.findings, parsed.impression) == official.prepare(text)


def test_a_long_text_gives_what_the_plain_re_creation_gives(official: ModuleType) -> None:
    text = "\n CHEST:  \n \n HISTORY:  Old.\n" * 700 + REPORT
    assert tuple(parse(text))[:3] == official.prepare(text)


def test_generated_reports_give_what_the_plain_re_creation_gives(official: ModuleType) -> None:
    for study in generate_studies("B", 1500, seed=11):
        parsed = parse(study.raw)
        found = (parsed.background, parsed.findings, parsed.impression)
        assert found == official.prepare(study.raw)
