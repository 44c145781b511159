"""One study to its raw file and the sections that a perfect parser finds in it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from radimpress.corpus.synthetic.layout import Section, addendum, raw_report, wet_read
from radimpress.corpus.synthetic.quirks import Quirk

POINTER = "As above."
NOTIFICATION = "The findings were discussed with Dr. ___ by telephone on ___ at ___."
ADDENDA = (
    "The findings were discussed with Dr. ___ on ___.",
    "Prior studies have become available. There is no change to the report.",
    "The patient's name was corrected.",
)
VIEW_HEADERS = ("Chest, 2 views", "CHEST, 2 VIEWS", "PA AND LATERAL VIEWS OF THE CHEST")
PORTABLE_HEADERS = ("Chest, 1 view", "PORTABLE AP CHEST", "AP VIEW OF THE CHEST")


@dataclass(frozen=True, slots=True)
class Composition:
    """The file, and its sections on single-spaced lines; "" where there is none.

    Both are "" where one section holds findings and impression: nothing tells them apart.
    """

    raw: str
    background: str
    findings: str
    impression: str


def composed(
    background: Sequence[Section],
    findings: Sequence[str],
    impression: Sequence[str],
    numbered: bool,
    portable: bool,
    quirks: frozenset[Quirk],
    rng: random.Random,
) -> Composition:
    """Lay the sections out.

    `findings` and `impression` are sentences; `numbered` makes a list of the latter where it has
    more than one; `portable` decides how many views a header names.
    """
    before = _background(background, quirks, rng)
    said = _findings(findings, portable, quirks, rng)
    concluded = _impression(impression, numbered, quirks, rng)
    if Quirk.COMBINED in quirks:
        said = _running("FINDINGS AND IMPRESSION", (*findings, *impression))
    if Quirk.IMPRESSION_FIRST in quirks:
        body = [concluded, said]
    elif Quirk.NO_FINDINGS in quirks:
        body = [concluded]
    elif Quirk.NO_IMPRESSION in quirks or Quirk.COMBINED in quirks:
        body = [said]
    else:
        body = [said, concluded]
    after = [_running("NOTIFICATION", [NOTIFICATION])] if Quirk.NOTIFICATION in quirks else []
    sections = [*before, *body, *after]
    if Quirk.SMALL_HEADERS in quirks:
        sections = [replace(section, header=section.header.capitalize()) for section in sections]
    above = _above(impression, quirks, rng)
    return Composition(
        raw=raw_report(sections, above, rng if Quirk.LOST_INDENT in quirks else None),
        background=" ".join(f"{section.header}: {section.text}" for section in before),
        findings=said.text if said in body and Quirk.COMBINED not in quirks else "",
        impression=concluded.text if concluded in body else "",
    )


def _running(header: str, sentences: Sequence[str]) -> Section:
    return Section(header, (" ".join(sentences),))


def _background(
    sections: Sequence[Section], quirks: frozenset[Quirk], rng: random.Random
) -> list[Section]:
    found = {section.header: section for section in sections}
    if Quirk.JOINED_HEADER in quirks and {"TECHNIQUE", "COMPARISON"} <= found.keys():
        joined = [found.pop("COMPARISON").text, found.pop("TECHNIQUE").text]
        header = rng.choice(["COMPARISON & TECHNIQUE", "COMPARISON AND TECHNIQUE"])
        found[header] = _running(header, joined)
    return list(found.values())


def _findings(
    sentences: Sequence[str], portable: bool, quirks: frozenset[Quirk], rng: random.Random
) -> Section:
    header = "FINDINGS"
    if Quirk.VIEW_HEADER in quirks:
        header = rng.choice(PORTABLE_HEADERS if portable else VIEW_HEADERS)
    if Quirk.FINDINGS_LIST not in quirks:
        return _running(header, sentences)
    return Section(header, _numbered(sentences, rng.choice(["{}. ", "{}) "])))


def _impression(
    sentences: Sequence[str], numbered: bool, quirks: frozenset[Quirk], rng: random.Random
) -> Section:
    if Quirk.POINTER in quirks:
        return _running("IMPRESSION", [POINTER])
    if len(sentences) < 2 or not (numbered or Quirk.PLAIN_LIST in quirks):
        return _running("IMPRESSION", sentences)
    mark = rng.choice(["{}) ", "{}.  "]) if Quirk.PLAIN_LIST in quirks else "{}. "
    return Section("IMPRESSION", _numbered(sentences, mark))


def _numbered(sentences: Sequence[str], mark: str) -> tuple[str, ...]:
    return tuple(mark.format(number) + text for number, text in enumerate(sentences, start=1))


def _above(impression: Sequence[str], quirks: frozenset[Quirk], rng: random.Random) -> list[str]:
    """A wet read repeats the impression's first sentence; it is no part of any section."""
    lines: list[str] = []
    if Quirk.WET_READ in quirks:
        clock = f"{rng.randint(1, 12)}:{rng.randint(0, 59):02d} {rng.choice(['AM', 'PM'])}"
        lines += wet_read(impression[0], clock)
    if Quirk.ADDENDUM in quirks:
        lines += addendum(rng.choice(ADDENDA))
    return lines
