import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radimpress.modeling.summarizer import Summarizer
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.serving import package
from radimpress.serving.package import LINEAGE, MANIFEST, MODEL_SHA256, pack, unpack, verify

TAGS = {"radimpress.git_commit": "a" * 40, "radimpress.version": "7"}
Tar = Callable[[tarfile.TarFile], None]


@pytest.fixture(scope="module", autouse=True)
def _little_code_that_nobody_edits_meanwhile() -> Iterator[None]:
    """The code of a package is this working tree; tests need it to hold still.

    Some of it will do, for it is unpacked a hundred times here.
    """
    with pytest.MonkeyPatch.context() as patch:
        whole = package.code_files()
        code = {n: c for n, c in whole.items() if n.count("/") < 3 or "/serving/" in n}
        patch.setattr(package, "code_files", lambda: dict(code))
        yield


@pytest.fixture(scope="module")
def archive(model_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "model.tar.gz"
    pack(model_folder, path, TAGS)
    return path


@pytest.fixture(scope="module")
def opened(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(archive, tmp_path_factory.mktemp("opened") / "model")


def altered(archive: Path, out: Path, change: Tar) -> Path:
    """The members of `archive`, then whatever `change` adds."""
    with tarfile.open(archive, "r:gz") as old, tarfile.open(out, "w:gz", compresslevel=0) as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        change(new)
    return out


def test_a_package_opens_to_the_model_it_was_made_of(
    model_folder: Path, archive: Path, opened: Path
) -> None:
    for path in model_folder.iterdir():
        assert (opened / path.name).read_bytes() == path.read_bytes()
    lineage = json.loads((opened / LINEAGE).read_text())
    assert lineage == TAGS | {MODEL_SHA256: folder_sha256(model_folder)}
    findings = ["The lungs are clear."]
    expected = Summarizer.from_folder(model_folder, "cpu").summarize(findings)
    assert Summarizer.from_folder(opened, "cpu").summarize(findings) == expected


def test_the_layout_is_that_of_sagemaker(archive: Path) -> None:
    with tarfile.open(archive, "r:gz") as tar:
        members = tar.getmembers()
    names = [member.name for member in members]
    assert names == sorted(names)
    assert {"MANIFEST.json", "lineage.json", "model.safetensors", "tokenizer.json"} < set(names)
    assert {"code/inference.py", "code/requirements.txt", "code/radimpress/__init__.py"} < set(
        names
    )
    assert not [name for name in names if "__pycache__" in name]
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members} == {
        (0, 0, 0, "", "", 0o644)
    }


def test_equal_models_give_equal_bytes_whatever_the_hour_umask_or_order(
    model_folder: Path, archive: Path, tmp_path: Path
) -> None:
    other = tmp_path / "elsewhere"
    other.mkdir()
    for path in sorted(model_folder.iterdir(), reverse=True):
        shutil.copy(path, other / path.name)
        (other / path.name).chmod(0o600)
        os.utime(other / path.name, (time.time() + 99, time.time() + 99))
    before = os.umask(0o077)
    try:
        sha256 = pack(other, tmp_path / "b.tar.gz", dict(reversed(TAGS.items())))
    finally:
        os.umask(before)
    assert sha256 == file_sha256(archive) == file_sha256(tmp_path / "b.tar.gz")
    assert archive.read_bytes()[4:8] == bytes(4), "no time in the gzip header"


def test_an_opened_package_packs_to_the_same_bytes(
    opened: Path, archive: Path, tmp_path: Path
) -> None:
    assert pack(opened, tmp_path / "again.tar.gz", TAGS) == file_sha256(archive)


def test_other_lineage_is_another_package_and_a_wrong_model_is_refused(
    model_folder: Path, archive: Path, tmp_path: Path
) -> None:
    other = pack(model_folder, tmp_path / "a.tar.gz", TAGS | {"radimpress.version": "8"})
    assert other != file_sha256(archive)
    wrong = TAGS | {MODEL_SHA256: "0" * 64}
    with pytest.raises(RadimpressError, match="is not the registered model: its sha256 is"):
        pack(model_folder, tmp_path / "b.tar.gz", wrong)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tar.gz"]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_of_an_archive_goes_unnoticed(
    archive: Path, opened: Path, tmp_path: Path, where: float, bit: int
) -> None:
    content = bytearray(archive.read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    (tmp_path / "bad.tar.gz").write_bytes(content)
    shutil.rmtree(tmp_path / "out", ignore_errors=True)
    with pytest.raises(RadimpressError, match=r"sha256 \w+, expected \w+"):
        unpack(tmp_path / "bad.tar.gz", tmp_path / "out", expected=file_sha256(archive))
    # Without the archive's own hash: refused, or the flip was in padding and changed no file.
    refusal = None
    try:
        unpack(tmp_path / "bad.tar.gz", tmp_path / "out")
    except RadimpressError as error:
        refusal = str(error)
    assert (tmp_path / "out").exists() == (refusal is None)
    if refusal is None:
        assert folder_sha256(tmp_path / "out") == folder_sha256(opened)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_changed_or_missing_file_is_refused_by_name(
    opened: Path, tmp_path: Path, data: st.DataObject
) -> None:
    copy = tmp_path / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(opened, copy)
    files = sorted(p for p in copy.rglob("*") if p.is_file() and p.stat().st_size)
    path = data.draw(st.sampled_from(files), "file")
    name = path.relative_to(copy).as_posix()
    if data.draw(st.booleans(), "missing"):
        path.unlink()
    else:
        content = bytearray(path.read_bytes())
        content[data.draw(st.integers(0, len(content) - 1), "byte")] ^= 0xFF
        path.write_bytes(content)
    expected = name if name != MANIFEST else "MANIFEST.json|is missing|is damaged|not in its"
    with pytest.raises(RadimpressError, match=expected):
        unpack(copy, tmp_path / "unused")


def test_a_cut_archive_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    content = archive.read_bytes()
    for length in (0, 5, 600, len(content) // 2):
        (tmp_path / "cut.tar.gz").write_bytes(content[:length])
        with pytest.raises(RadimpressError, match=r"cut.tar.gz (is no whole tar.gz|has no MANI)"):
            unpack(tmp_path / "cut.tar.gz", tmp_path / "out")
        assert [path.name for path in tmp_path.iterdir()] == ["cut.tar.gz"]


def test_what_leads_outside_or_is_no_file_is_refused(archive: Path, tmp_path: Path) -> None:
    def member(name: str, **changes: object) -> Tar:
        entry = tarfile.TarInfo(name)
        for key, value in changes.items():
            setattr(entry, key, value)
        return lambda tar: tar.addfile(entry, io.BytesIO(b""))

    refused = {
        "which leads outside": [
            member("../evil.json"),
            member("."),
            member("/etc/evil.json"),
            member("code/../../evil.json"),
            member("./evil.json"),
            member("a//evil.json"),
            member("C:evil.json"),
            member("..\\evil.json"),
            member("evil\n.json"),
        ],
        "which is no plain file": [
            member("link.json", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
            member("hard.json", type=tarfile.LNKTYPE, linkname="config.json"),
            member("null.json", type=tarfile.CHRTYPE),
            member("pipe.json", type=tarfile.FIFOTYPE),
            member("folder", type=tarfile.DIRTYPE),
        ],
        "holds a file twice": [member("config.json")],
        "which is not in its manifest": [member("extra.json"), member("code/evil.py")],
        "may run code": [
            *(member(f"pytorch_model{end}") for end in (".bin", ".pt", ".pkl", ".ckpt", ".npy")),
            member("sitecustomize.py"),
            member("code/weights.pkl"),
            member("code/radimpress/native.so"),
            member("run.sh"),
        ],
    }
    for reason, changes in refused.items():
        for change in changes:
            bad = altered(archive, tmp_path / "bad.tar.gz", change)
            with pytest.raises(RadimpressError, match=reason):
                unpack(bad, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["bad.tar.gz"]


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_does(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "MOST_BYTES", 1 << 20)

    def bomb(tar: tarfile.TarFile) -> None:
        entry = tarfile.TarInfo("zeros.json")
        entry.size = 64 << 20
        tar.addfile(entry, io.BytesIO(bytes(64 << 20)))

    bad = altered(archive, tmp_path / "bad.tar.gz", bomb)
    with pytest.raises(RadimpressError, match="unpacks to more than"):
        unpack(bad, tmp_path / "out")
    monkeypatch.setattr(package, "MOST_FILES", 3)
    with pytest.raises(RadimpressError, match="or 3 files"):
        unpack(archive, tmp_path / "out")


@pytest.mark.parametrize("content", [b"[]", b"{", b'{"config.json": 1}', b"\xff", b"{}"])
def test_a_manifest_that_is_none_is_refused(opened: Path, tmp_path: Path, content: bytes) -> None:
    shutil.copytree(opened, tmp_path / "copy")
    (tmp_path / "copy" / MANIFEST).write_bytes(content)
    with pytest.raises(RadimpressError, match=r"MANIFEST.json .*damaged|not in its manifest"):
        verify(tmp_path / "copy")


@pytest.mark.parametrize(
    ("lineage", "reason"),
    [
        (b'{"radimpress.model_sha256": "00"}', "lineage.json of .* is another model's"),
        (b"{}", "lineage.json of .* is another model's"),
        (b"[]", "lineage.json of .* is damaged"),
    ],
)
def test_a_lineage_of_another_model_is_refused_though_its_own_hash_is_right(
    opened: Path, tmp_path: Path, lineage: bytes, reason: str
) -> None:
    folder = Path(shutil.copytree(opened, tmp_path / "folder"))
    (folder / LINEAGE).write_bytes(lineage)
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest[LINEAGE] = hashlib.sha256(lineage).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RadimpressError, match=reason):
        unpack(folder, tmp_path / "unused")


def test_a_link_in_place_of_a_file_is_refused(opened: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(opened, tmp_path / "copy"))
    (copy / "config.json").unlink()
    (copy / "config.json").symlink_to(opened / "config.json")
    with pytest.raises(RadimpressError, match="config.json of .* is missing"):
        verify(copy)


def test_what_python_compiled_beside_the_code_is_no_tampering(opened: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(opened, tmp_path / "copy"))
    (copy / "code" / "__pycache__").mkdir()
    (copy / "code" / "__pycache__" / "inference.cpython-311.pyc").write_bytes(b"x")
    verify(copy)


def test_the_manifest_is_the_sha256_of_every_other_file(opened: Path) -> None:
    manifest = json.loads((opened / MANIFEST).read_text())
    names = {p.relative_to(opened).as_posix() for p in opened.rglob("*") if p.is_file()}
    assert set(manifest) == names - {MANIFEST}
    config = hashlib.sha256((opened / "config.json").read_bytes()).hexdigest()
    assert manifest["config.json"] == config


def test_a_model_folder_with_a_pickle_is_not_packed(model_folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(model_folder, tmp_path / "m"))
    (copy / "optimizer.pt").write_bytes(b"x")
    with pytest.raises(RadimpressError, match="holds optimizer.pt, which may run code"):
        pack(copy, tmp_path / "a.tar.gz", {})
    assert not (tmp_path / "a.tar.gz").exists()


def test_what_is_no_package_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match="absent.tar.gz is missing"):
        unpack(tmp_path / "absent.tar.gz", tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RadimpressError, match="empty has no MANIFEST.json: it is no package"):
        unpack(tmp_path / "empty", tmp_path / "out")
    (tmp_path / "text.tar.gz").write_bytes(gzip.compress(b"no tar"))
    with pytest.raises(RadimpressError, match="text.tar.gz is no whole tar.gz"):
        unpack(tmp_path / "text.tar.gz", tmp_path / "out")
