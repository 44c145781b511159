"""The default profile: sections by what their headers mean, in whatever order they stand.

What it guarantees: text under an impression header is in the impression and nowhere else, and text
of wet reads, addenda, recommendations and notifications is in no part. Each fault of the official
preparation (see `mediqa_profile`) is mended here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from radimpress.corpus.headers import Part, part_of
from radimpress.corpus.section_record import Sections, sections

_TITLE = re.compile(r"^[ \t]*FINAL REPORT\b[ \t]*:?", re.MULTILINE)
_RULE = re.compile(r"\s*[_=-]{20,}\s*$")
_SPLIT_HEADER = re.compile(
    r"^([ \t]*FINDINGS?) ?(AND|&|/)[ \t]*\n[ \t]*(IMPRESSIONS?:)", re.MULTILINE
)
# A header at the start of a line; how long it may be keeps prose with a late colon out.
_LINE_HEADER = re.compile(r"\s*(?P<name>[A-Za-z(](?:[^:\n]|(?<=\d):(?=\d)){0,59}?)\s*:(?!\d)")
# Headers that need no colon: alone on their line, or before a dash or a wide gap.
_BARE_HEADER = re.compile(
    r"\s*(?P<name>(?:FINDINGS?(?: ?(?:AND|&|/) ?IMPRESSIONS?)?|IMPRESSIONS?|CONCLUSIONS?"
    r"|INDICATION|COMPARISONS?|TECHNIQUE|HISTORY|CLINICAL HISTORY|EXAMINATION"
    r"|(?:FINAL )?ADDENDUM|WET READ(?: VERSION #\d+)?))(?:\s*[;.–—-]+(?=\s|$)|\s*$|\s{2,})"
)
# Headers in the middle of a line, where line breaks were lost: capitals only.
_INLINE_HEADER = re.compile(
    r"(?<![A-Za-z/&])(?P<name>(?:CLINICAL |PATIENT )?(?:FINDINGS?(?: ?(?:AND|&|/) ?IMPRESSIONS?)?"
    r"|IMPRESSIONS?|CONCLUSIONS?|INDICATIONS?|HISTORY|COMPARISONS?|TECHNIQUE|EXAMINATION"
    r"|INFORMATION|WET READ|ADDENDUM|RECOMMENDATION(?:S|\(S\))?|NOTIFICATIONS?)) ?:"
)
_SENTENCE_ENDS = (".", ":", ";", "?", "!", "_")
# "well-", line break, "inflated" is one word; "pre-", line break, "and post-operative" is not.
_BROKEN_WORD = re.compile(r"(?<=[A-Za-z0-9])-[ \t]*\n[ \t]*(?!(?:and|or|to)\b)(?=[a-z])")


@dataclass(frozen=True, slots=True)
class _Header:
    """A header met in a line: `start` of its name, `end` behind its colon."""

    part: Part
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Section:
    part: Part
    name: str
    text: str


def parse(text: str) -> Sections:
    """Parse one report; several sections of the same part are joined in their order."""
    report = text.replace("\r\n", "\n").replace("\r", "\n")
    titles = list(_TITLE.finditer(report))
    # Above the title stand wet reads and addenda.
    body = report[titles[-1].end() :] if titles else report
    found = [section for section in _sections(_SPLIT_HEADER.sub(r"\1 \2 \3", body)) if section.text]
    findings = _joined(found, Part.FINDINGS)
    context = {Part.BACKGROUND, Part.VIEW} if findings else {Part.BACKGROUND}
    return sections(
        background=" ".join(_labelled(section) for section in found if section.part in context),
        findings=findings or _joined(found, Part.VIEW),
        impression=_joined(found, Part.IMPRESSION),
        combined=any(section.part is Part.COMBINED for section in found),
    )


def _sections(text: str) -> Iterator[_Section]:
    """The sections in order; what stands before the first header is background without one."""
    part, name, lines = Part.BACKGROUND, "", list[str]()
    read = False  # whether findings or impression have begun
    above = ""
    for line in text.split("\n"):
        if _RULE.match(line):
            yield _Section(part, name, _flowed(lines))
            # Under a rule: after an addendum the report itself, after the reading a signature.
            part, name, lines = (Part.ASIDE if read else Part.BACKGROUND), "", []
            above = ""
            continue
        done = 0
        for header in _headers(line, above):
            if not _opens(header.part, part):
                continue
            lines.append(line[done : header.start])
            yield _Section(part, name, _flowed(lines))
            part, name, lines = header.part, header.name, []
            part = Part.BACKGROUND if part is Part.UNKNOWN else part
            read = read or part in (Part.FINDINGS, Part.IMPRESSION, Part.COMBINED)
            done = header.end
        lines.append(line[done:])
        above = line
    yield _Section(part, name, _flowed(lines))


def _headers(line: str, above: str) -> Iterator[_Header]:
    """The header that starts the line, if one does, then those inside it."""
    first = _first_header(line, above)
    if first:
        yield first
    if ":" not in line:
        return
    for match in _INLINE_HEADER.finditer(line, first.end if first else 0):
        if part := part_of(match["name"]):
            yield _Header(part, match["name"], match.start(), match.end())


def _first_header(line: str, above: str) -> _Header | None:
    match = _BARE_HEADER.match(line) or (_LINE_HEADER.match(line) if ":" in line else None)
    if not match or ". " in match["name"]:
        return None
    part = part_of(match["name"])
    prose = match["name"][0].islower() and not _ends_sentence(above)
    if part is None or prose:
        return None
    return _Header(part, match["name"], match.start("name"), match.end())


def _ends_sentence(line: str) -> bool:
    return not line.strip() or line.rstrip().endswith(_SENTENCE_ENDS)


def _opens(header: Part, current: Part) -> bool:
    """Whether `header` begins a section, or is a caption ("LUNGS:") of the one it stands in."""
    if header is Part.UNKNOWN:
        return current is Part.BACKGROUND
    if header is Part.VIEW:
        return current in (Part.BACKGROUND, Part.VIEW)
    return True


def _flowed(lines: list[str]) -> str:
    """Lines as one, words apart: a line break is a space but behind a hyphenated word."""
    text = "\n".join(lines)
    if "-" in text:
        text = _BROKEN_WORD.sub("-", text)
    return " ".join(text.split())


def _joined(found: list[_Section], part: Part) -> str:
    return " ".join(section.text for section in found if section.part is part)


def _labelled(section: _Section) -> str:
    """The section as "Indication: Cough.", whatever case the header was printed in."""
    name = " ".join(section.name.split())
    return (
        f"{name.capitalize() if name.isupper() else name}: {section.text}" if name else section.text
    )
