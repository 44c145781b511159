import gzip
import io
import tarfile
from pathlib import Path

import pytest

from radimpress.corpus.raw import Fault
from radimpress.corpus.tar_archive import tar_entries
from radimpress.runtime.errors import RadimpressError


def written(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".tgz" else "w") as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def special(name: str, kind: bytes, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def contents(path: Path) -> dict[str, bytes | Fault]:
    found = tar_entries(path, lambda name: name.endswith(".xml"), 100)
    return dict(found.entries)


@pytest.mark.parametrize("name", ["a.tgz", "a.tar"])
def test_wanted_entries_are_read_compressed_or_not(tmp_path: Path, name: str) -> None:
    path = written(
        tmp_path / name,
        (tarfile.TarInfo("e/1.xml"), b"one"),
        (tarfile.TarInfo("e/2.txt"), b"two"),
        (tarfile.TarInfo("e/3.xml"), b"three"),
    )
    assert contents(path) == {"e/1.xml": b"one", "e/3.xml": b"three"}


def test_hostile_entries_are_faults_and_touch_no_disk(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.tgz",
        (tarfile.TarInfo("../up.xml"), b"x"),
        special("link.xml", tarfile.SYMTYPE, "/etc/passwd"),
        special("hard.xml", tarfile.LNKTYPE, "../up.xml"),
        special("device.xml", tarfile.CHRTYPE),
        (tarfile.TarInfo("large.xml"), b"0" * 1_000_000),
        (tarfile.TarInfo("good.xml"), b"good"),
    )
    assert contents(path) == {
        "../up.xml": Fault.UNSAFE_NAME,
        "link.xml": Fault.LINK,
        "hard.xml": Fault.LINK,
        "device.xml": Fault.UNREADABLE,
        "large.xml": Fault.TOO_LARGE,
        "good.xml": b"good",
    }
    assert [p.name for p in tmp_path.iterdir()] == ["a.tgz"]


def test_a_header_that_claims_gigabytes_is_refused(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 7 * 2**30
    path = tmp_path / "a.tgz"
    path.write_bytes(gzip.compress(header.tobuf(tarfile.USTAR_FORMAT) + b"0" * 10_000))
    with pytest.raises(RadimpressError, match="damaged or cut off"):
        contents(path)


@pytest.mark.parametrize("damage", ["cut", "text", "bytes"])
def test_a_damaged_archive_is_refused_with_the_next_step(tmp_path: Path, damage: str) -> None:
    path = written(tmp_path / "a.tgz", (tarfile.TarInfo("1.xml"), bytes(range(100)) * 1))
    data = path.read_bytes()
    path.write_bytes(
        {"cut": data[:-40], "text": b"hello", "bytes": b"\x1f\x8b" + b"\0" * 99}[damage]
    )
    with pytest.raises(
        RadimpressError, match=r"a\.tgz \(.* bytes\) is no tar archive, or .*; next:"
    ):
        contents(path)
