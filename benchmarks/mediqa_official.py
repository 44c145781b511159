"""The official MEDIQA 2021 preparation of MIMIC-CXR, re-created from how it is described.

Task3/make_mimic_data.py and section_parser.py of github.com/abachaa/MEDIQA2021 adapt MIT-LCP's
section parser. This is written from that behaviour as the documentation and the facts of this
project describe it, not copied: a loop over headers, a table of known names, then regular
expressions over the texts. It is the peer of benchmarks/cleaning.py and the reference of the tests
of `radimpress.corpus.mediqa_profile`.
"""

import re
import zipfile
from pathlib import Path

HEADER = re.compile(r"\n ([A-Z ()/,-]+):\s", re.DOTALL)
KNOWN = {
    "findings": "findings", "finding": "findings", "findins": "findings", "findindgs": "findings",
    "findgings": "findings", "findngs": "findings", "findnings": "findings",
    "finidngs": "findings", "reference findings": "findings", "chest, two views": "findings",
    "impression": "impression", "conclusion": "impression",
    "findings and impression": "impression", "findings/impression": "impression",
    "findings/ impression": "impression", "ndication": "impression", "impresson": "impression",
    "imprression": "impression", "imoression": "impression", "impressoin": "impression",
    "imprssion": "impression", "impresion": "impression", "imperssion": "impression",
    "mpression": "impression", "impession": "impression",
}  # fmt: skip
MAIN = ("impression", "findings", "history", "comparison", "addendum")
VIEWS = (
    *("chest", "portable", "pa and lateral", "lateral and pa", "ap and lateral"),
    *("lateral and ap", "frontal and", "two views", "frontal view", "pa view", "ap view"),
    *("one view", "lateral view", "bone window", "frontal upright", "frontal semi-upright"),
    *("ribs", "pa and lat"),
)

Row = tuple[str, str, str, str]
"""Study id, background, findings, impression."""


def section_text(text: str) -> tuple[list[str], list[str], list[int]]:
    """Texts of the sections, their names and where they start."""
    sections, names, places = [], [], []
    match = HEADER.search(text, 0)
    if match is None:
        return [text], ["full report"], [0]
    while match:
        names.append(match.group(1).lower().strip())
        start = match.end()
        places.append(start)
        skip = text[start:].find("\n")
        if skip == -1:
            skip = 0
        following = HEADER.search(text, start + skip)
        sections.append(text[start : following.start()] if following else text[start:])
        match = following
    return sections, normalised(names), places


def normalised(names: list[str]) -> list[str]:
    """Known names by the table, others by the part that they contain."""
    views = re.compile("|".join(VIEWS))
    found = []
    for given in names:
        name = given.lower().strip()
        if name in KNOWN:
            found.append(KNOWN[name])
            continue
        for main in MAIN:
            if main in name:
                found.append(main)
                break
        else:
            found.append("findings" if views.search(name) else name)
    return found


def prepare(text: str) -> tuple[str, str, str]:
    """Background, findings and impression of one report; "" where there is none."""
    sections, names, places = section_text(text)
    findings = impression = background = ""
    for section, name, place in zip(sections, names, places, strict=True):
        if name == "findings" and not findings and section.strip():
            findings = re.sub(r"\s\s+", " ", section.strip().replace("\n", ""))
            background = context(text[:place])
        if name == "impression" and not impression and section.strip():
            impression = unnumbered(section.strip().replace("\n", ""))
    return background, findings, impression


def context(text: str) -> str:
    """What stands before the findings, without the title and the header's last word."""
    text = text.strip()
    if text.startswith("FINAL REPORT"):
        text = text[len("FINAL REPORT") :].lstrip()
    if text.endswith(":"):
        text = text[: text.rfind(" ")].rstrip()
    return re.sub(r"\s\s+", " ", text).strip().replace("\n", "")


def unnumbered(text: str) -> str:
    """Without list numbers."""
    text = re.sub(r"^[0-9]\.\s+", "", text)
    text = re.sub(r"\s[0-9]\.\s+", " ", text)
    return re.sub(r"\s\s+", " ", text)


def rows_of(path: Path) -> list[Row]:
    """The rows of all reports in the zip that have findings and an impression, by study id."""
    rows = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            study = name.rsplit("/", 1)[-1]
            if not (study.startswith("s") and study.endswith(".txt")):
                continue
            background, findings, impression = prepare(archive.read(name).decode("utf-8"))
            if findings and impression:
                rows.append((study[1:-4], background, findings, impression))
    return sorted(rows)
