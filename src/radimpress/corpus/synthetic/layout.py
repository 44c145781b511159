"""Sections to the raw text of a MIMIC-CXR file.

Lines hold at most 79 characters and start with one space; a blank line is a single space; FINAL
REPORT is centred; a header is followed by a colon and two spaces.
"""

import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 79
TITLE = " " * 33 + "FINAL REPORT"
RULE = " " + "_" * (WIDTH - 1)


@dataclass(frozen=True, slots=True)
class Section:
    """A header as it is printed (without colon) and its items; one item is running text."""

    header: str
    items: tuple[str, ...]

    @property
    def text(self) -> str:
        """The section on one line."""
        return " ".join(" ".join(self.items).split())


def raw_report(
    sections: Sequence[Section],
    above: Sequence[str] = (),
    lost_indent: random.Random | None = None,
) -> str:
    """The whole file: `above` stands before FINAL REPORT, several items become a list.

    With `lost_indent` some wrapped lines of running text start at the margin, drawn from it; at
    least one does in every paragraph of several lines.
    """
    lines = [*above, TITLE]
    for section in sections:
        if len(section.items) == 1:
            lines += [*_paragraph(f"{section.header}:  {section.items[0]}", lost_indent), " "]
            continue
        lines += [f" {section.header}: ", " "]
        for item in section.items:
            lines += [*_paragraph(item), " "]
    return "\n".join(lines[:-1]) + "\n"


def wet_read(text: str, clock: str) -> list[str]:
    """Lines of a preliminary reading, as it stands above FINAL REPORT."""
    return [f" WET READ: ___ ___ ___ {clock}", *_paragraph(text), RULE]


def addendum(text: str) -> list[str]:
    """Lines of an addendum, as it stands above FINAL REPORT."""
    return [*_paragraph(f"ADDENDUM:  {text}"), RULE]


def _paragraph(text: str, lost_indent: random.Random | None = None) -> list[str]:
    """Wrapped at WIDTH with one leading space; words are never broken."""
    wrapped = textwrap.wrap(text, WIDTH - 1, break_long_words=False, break_on_hyphens=False)
    if lost_indent is None or len(wrapped) < 2:
        return [f" {line}" for line in wrapped]
    certain = lost_indent.randrange(1, len(wrapped))
    return [
        line if index and (index == certain or lost_indent.random() < 0.2) else f" {line}"
        for index, line in enumerate(wrapped)
    ]
