import random
import re

from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.synthetic.layout import (
    RULE,
    TITLE,
    WIDTH,
    Section,
    addendum,
    raw_report,
    wet_read,
)

WORDS = st.lists(st.text("abcdefgh-,.", min_size=1, max_size=14), min_size=1, max_size=60)


def test_a_small_report_looks_as_in_mimic():
    raw = raw_report([Section("FINDINGS", ("Clear lungs.",)), Section("IMPRESSION", ("Normal.",))])
    assert raw == (
        "                                 FINAL REPORT\n"
        " FINDINGS:  Clear lungs.\n"
        " \n"
        " IMPRESSION:  Normal.\n"
    )


def test_a_list_stands_under_its_header_one_item_a_paragraph():
    raw = raw_report([Section("IMPRESSION", ("1. Edema.", "2. Effusion."))])
    assert raw.splitlines()[1:] == [" IMPRESSION: ", " ", " 1. Edema.", " ", " 2. Effusion."]


def test_wet_reads_and_addenda_end_in_a_full_line_of_underscores():
    assert wet_read("No edema.", "4:17 PM") == [
        " WET READ: ___ ___ ___ 4:17 PM",
        " No edema.",
        RULE,
    ]
    assert addendum("Corrected.") == [" ADDENDUM:  Corrected.", RULE]
    assert re.fullmatch(r" _{78}", RULE)
    assert TITLE.strip() == "FINAL REPORT"


@given(WORDS)
def test_lines_fit_and_start_with_one_space_and_no_word_is_lost(words):
    text = " ".join(words)
    raw = raw_report([Section("FINDINGS", (text,))])
    lines = raw.splitlines()[1:]
    assert all(len(line) <= WIDTH for line in lines)
    assert all(re.match(r" (?! )", line) for line in lines)
    assert " ".join(raw.split()).endswith(f"FINDINGS: {text}")


@given(WORDS, st.integers(0, 99))
def test_lost_indents_are_the_only_thing_lost(words, seed):
    section = Section("FINDINGS", (" ".join(words),))
    kept, lost = raw_report([section]), raw_report([section], (), random.Random(seed))
    assert lost.split() == kept.split()
    wrapped = len(kept.splitlines()) > 2
    assert any(not line.startswith(" ") for line in lost.splitlines()) == wrapped
    assert lost.splitlines()[1].startswith(" FINDINGS:")
