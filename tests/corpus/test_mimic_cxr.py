import stat
import zipfile
from pathlib import Path

from radimpress.corpus.mimic_cxr import read_mimic_cxr
from radimpress.corpus.raw import Fault, Unreadable, WholeReport

NAME = "files/p10/p10000032/s50414267.txt"


def test_ids_are_the_names_without_their_letters(tmp_path: Path) -> None:
    path = tmp_path / "mimic-cxr-reports.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("files/p10/p10000032/", "")
        archive.writestr("files/index.html", "x")
        archive.writestr(f"mimic-cxr/2.0.0/{NAME}", "text")
        archive.writestr("__MACOSX/files/p10/p10000032/._s50414267.txt", "x")
    expected = [WholeReport("50414267", "10000032", b"text")]
    for place in (path, tmp_path):  # a folder may hold the published zip
        found = read_mimic_cxr(place, 100)
        assert found.total == 1
        assert list(found.reports) == expected


def test_an_unpacked_tree_gives_the_same_reports(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.parent.mkdir(parents=True)
    file.write_text("text")
    expected = [WholeReport("50414267", "10000032", b"text")]
    assert list(read_mimic_cxr(tmp_path, 100).reports) == expected
    assert list(read_mimic_cxr(tmp_path / "files" / "p10", 100).reports) == expected


def test_only_names_of_a_subject_and_a_study_are_reports(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    reports = ["p1/s2.txt", "x/p3/s4.txt", "pp/p5\\s6.txt"]
    others = ["xp1/s2.txt", "p1/s2.txt.gz", "p1/xs2.txt", "p/s2.txt", "p\u0661/s\u0662.txt"]
    with zipfile.ZipFile(path, "w") as archive:
        for name in (*others, *reports):
            archive.writestr(name, "text")
    found = [(each[0], each[1]) for each in read_mimic_cxr(path, 100).reports]
    assert found == [("2", "1"), ("4", "3"), ("6", "5")]


def test_bad_entries_are_named_by_their_study(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("files/p10/p1/s3.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../files/p10/p1/s1.txt", "x")
        archive.writestr("files/p10/p1/s2.txt", "x" * 101)
        archive.writestr(link, "x")
    assert list(read_mimic_cxr(path, 100).reports) == [
        Unreadable("1", Fault.UNSAFE_NAME),
        Unreadable("2", Fault.TOO_LARGE),
        Unreadable("3", Fault.LINK),
    ]
