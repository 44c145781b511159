import random

from radimpress.corpus.synthetic.composition import composed
from radimpress.corpus.synthetic.layout import Section
from radimpress.corpus.synthetic.quirks import Quirk

BACKGROUND = [Section("TECHNIQUE", ("PA.",)), Section("COMPARISON", ("None.",))]
FINDINGS = ["Fracture of left rib 7.", "No effusion."]
IMPRESSION = ["Rib fracture.", "No pneumothorax."]


def made(*quirks, numbered=False, portable=False, impression=IMPRESSION, seed=0):
    return composed(
        BACKGROUND,
        FINDINGS,
        impression,
        numbered,
        portable,
        frozenset(quirks),
        random.Random(seed),
    )


def test_without_quirks_the_sections_are_the_sentences():
    plain = made()
    assert plain.background == "TECHNIQUE: PA. COMPARISON: None."
    assert plain.findings == "Fracture of left rib 7. No effusion."
    assert plain.impression == "Rib fracture. No pneumothorax."
    assert plain.raw.index("FINDINGS:") < plain.raw.index("IMPRESSION:")


def test_a_numbered_impression_keeps_its_numbers_and_a_single_item_has_none():
    assert made(numbered=True).impression == "1. Rib fracture. 2. No pneumothorax."
    assert made(numbered=True, impression=["Normal."]).impression == "Normal."


def test_sections_that_are_missing_or_not_told_apart_are_empty():
    assert made(Quirk.NO_FINDINGS).findings == ""
    assert made(Quirk.NO_IMPRESSION).impression == ""
    both = made(Quirk.COMBINED)
    assert (both.findings, both.impression) == ("", "")
    assert "FINDINGS AND IMPRESSION:  Fracture" in both.raw


def test_the_impression_can_come_first():
    first = made(Quirk.IMPRESSION_FIRST)
    assert first.raw.index("IMPRESSION:") < first.raw.index("FINDINGS:")
    assert first.impression == "Rib fracture. No pneumothorax."


def test_a_pointer_says_as_above():
    assert made(Quirk.POINTER).impression == "As above."


def test_headers_can_be_odd():
    assert " Findings:  " in made(Quirk.SMALL_HEADERS).raw
    assert "COMPARISON" in made(Quirk.JOINED_HEADER).raw
    assert made(Quirk.JOINED_HEADER).background.endswith("TECHNIQUE: None. PA.")
    for seed in range(10):
        assert "FINDINGS" not in made(Quirk.VIEW_HEADER, seed=seed).raw
        portable = made(Quirk.VIEW_HEADER, portable=True, seed=seed).raw.upper()
        assert "2 VIEWS" not in portable
        assert "LATERAL" not in portable


def test_numbered_findings_keep_the_rib_that_ends_a_sentence():
    seen = {made(Quirk.FINDINGS_LIST, seed=n).findings for n in range(20)}
    assert seen == {
        "1. Fracture of left rib 7. 2. No effusion.",
        "1) Fracture of left rib 7. 2) No effusion.",
    }


def test_what_stands_above_final_report_is_in_no_section():
    above = made(Quirk.WET_READ, Quirk.ADDENDUM)
    assert above.raw.index("WET READ") < above.raw.index("ADDENDUM") < above.raw.index("FINAL")
    assert (above.findings, above.impression) == (made().findings, made().impression)


def test_a_notification_stands_behind_the_impression():
    raw = made(Quirk.NOTIFICATION).raw
    assert raw.index(" IMPRESSION:") < raw.index(" NOTIFICATION:  The findings were discussed")
