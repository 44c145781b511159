import tarfile
from pathlib import Path

import pytest

from radimpress.corpus.openi import read_openi
from radimpress.corpus.raw import Fault, SectionedReport, Unreadable

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<eCitation><MedlineCitation><Article><Abstract>
<AbstractText Label="COMPARISON">None.</AbstractText>
<AbstractText Label="INDICATION">XXXX-year-old with caf\u00e9.</AbstractText>
<AbstractText Label="FINDINGS">Lungs &lt;clear&gt;.</AbstractText>
<AbstractText Label="IMPRESSION">1. Normal.</AbstractText>
</Abstract></Article></MedlineCitation></eCitation>"""


@pytest.mark.parametrize("packed", [True, False])
def test_labelled_texts_become_sections(tmp_path: Path, packed: bool) -> None:
    folder = tmp_path / "ecgen-radiology"
    folder.mkdir()
    (folder / "17.xml").write_text(REPORT, encoding="utf-8")
    (folder / "._17.xml").write_text("x")
    path = tmp_path / "NLMCXR_reports.tgz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, "ecgen-radiology")
    assert list(read_openi(path if packed else folder, 10_000).reports) == [
        SectionedReport(
            study_id="17",
            subject_id="",
            background="Indication: XXXX-year-old with café. Comparison: None.",
            findings="Lungs <clear>.",
            impression="1. Normal.",
        )
    ]


def test_missing_and_empty_sections_are_empty(tmp_path: Path) -> None:
    (tmp_path / "1.xml").write_text('<a><AbstractText Label="FINDINGS"/></a>')
    assert list(read_openi(tmp_path, 100).reports) == [SectionedReport("1", "", "", "", "")]


BOMB = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"<a><b></a>", Fault.BAD_XML),
        (b"", Fault.BAD_XML),
        (b"<a>\xe9</a>", Fault.BAD_XML),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', Fault.BAD_XML),
        (BOMB.encode(), Fault.UNSAFE_XML),
        (OUTSIDE.encode(), Fault.UNSAFE_XML),
        (b"<a>" + b" " * 1000, Fault.TOO_LARGE),
    ],
)
def test_bad_xml_is_named_by_its_study(tmp_path: Path, content: bytes, fault: Fault) -> None:
    (tmp_path / "23.xml").write_bytes(content)
    assert list(read_openi(tmp_path, 500).reports) == [Unreadable("23", fault)]
