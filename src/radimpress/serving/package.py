"""A model as one archive, the same bytes for the same model, checked file by file when opened.

The layout is SageMaker's model.tar.gz: the model folder's files at the root; `code/inference.py`
and `code/requirements.txt` for the Hugging Face inference toolkit, this radimpress beside them;
`lineage.json`; and `MANIFEST.json`, the sha256 of every other file.

The archive is stored, not compressed: float weights shrink by a few percent, in many times the
time, and compressed bytes depend on the version of zlib.
"""

import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from gzip import BadGzipFile, GzipFile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from radimpress.modeling.layout import check_layout
from radimpress.modeling.recipe import read_recipe
from radimpress.runtime.atomic import whole_file, whole_folder
from radimpress.runtime.digests import file_sha256, names_sha256
from radimpress.runtime.errors import next_step
from radimpress.serving.contents import (
    LINEAGE,
    MANIFEST,
    MOST_FILES,
    check_name,
    check_names,
    code_files,
    is_model,
    is_source,
    model_files,
)
from radimpress.tracking.lineage import PREFIX

__all__ = ["LINEAGE", "MANIFEST", "MODEL_SHA256", "lay_out", "pack", "unpack", "verify"]

MODEL_SHA256 = f"{PREFIX}model_sha256"
MOST_BYTES = 64 << 30  # FLAN-T5 XXL in float32 is 45 GB
BLOCK = 1 << 20
AGAIN = "fetch or pack it again"


def pack(folder: Path, archive: Path, lineage: Mapping[str, str]) -> str:
    """Write the model `folder` as `archive`, whole or not at all; returns the archive's sha256.

    `lineage` is the tags of the registered version; `radimpress.model_sha256` is added, or checked
    where it is given. A folder that `unpack` made gives the package that it came from. Raises
    RadimpressError for what is no model folder, and for another model than the lineage names.
    """
    made, model = _contents(folder, lineage)
    with (
        whole_file(archive) as temporary,
        temporary.open("wb") as stream,
        GzipFile("", "wb", compresslevel=0, fileobj=stream, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in sorted(made | model):
            if name in made:
                _add(tar, name, BytesIO(made[name]), len(made[name]))
            else:
                with model[name].open("rb") as source:
                    _add(tar, name, source, model[name].stat().st_size)
    return file_sha256(archive)


def lay_out(folder: Path, into: Path, lineage: Mapping[str, str]) -> Path:
    """As `pack`, but as the new folder `into`, which is what `unpack` would make of the archive.

    The model's files are hard links where the file system allows, so that a large one costs no
    space. Returns `into`.
    """
    made, model = _contents(folder, lineage)
    with whole_folder(into) as temporary:
        for name in sorted(made | model):
            target = temporary / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if name in made:
                target.write_bytes(made[name])
                continue
            try:
                os.link(model[name], target)
            except OSError:
                shutil.copyfile(model[name], target)
    return into


def unpack(source: Path, into: Path, expected: str = "") -> Path:
    """The verified model folder of a package, which is an archive, or the folder of one unpacked.

    An archive is unpacked to `into`, whole or not at all, and nothing of it is run; a folder is
    checked where it is. `expected` is the archive's sha256, where that is known. Raises
    RadimpressError, naming the file, for what is damaged, missing, or not ours to trust: links,
    devices, paths that lead outside, pickles, more than it says.
    """
    if source.is_dir():
        verify(source)
        return source
    if not source.is_file():
        raise next_step(f"the package {source} is missing", AGAIN)
    if expected and (found := file_sha256(source)) != expected:
        raise next_step(f"{source} has sha256 {found[:12]}, expected {expected[:12]}", AGAIN)
    with whole_folder(into) as temporary:
        try:
            with tarfile.open(source, "r:gz") as tar:
                for member, content in _members(tar, source):
                    target = temporary / member.name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    _copy(content, target)
        except (FileExistsError, NotADirectoryError) as error:
            raise next_step(f"{source} holds a file twice", "do not use it") from error
        except (tarfile.TarError, BadGzipFile, EOFError, zlib.error) as error:
            raise next_step(
                f"{source} is no whole tar.gz: {type(error).__name__}", AGAIN
            ) from error
        verify(temporary, str(source))
    return into


def verify(folder: Path, name: str = "") -> None:
    """Check every file of an unpacked package against its manifest; `name` stands in errors.

    Raises RadimpressError naming the first file that is missing, damaged or not in the manifest.
    """
    where = name or str(folder)
    manifest = _manifest(folder, where)
    check_names(manifest, where)
    found = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if (path.is_symlink() or not path.is_dir()) and is_source(path.relative_to(folder))
    )
    if extra := [each for each in found if each not in manifest and each != MANIFEST]:
        raise next_step(f"{where} holds {extra[0][:80]}, which is not in its manifest", AGAIN)
    for each, digest in manifest.items():
        path = folder / each
        if path.is_symlink() or not path.is_file():
            raise next_step(f"{each} of {where} is missing", AGAIN)
        if file_sha256(path) != digest:
            raise next_step(f"{each} of {where} is damaged: its sha256 is not the recorded", AGAIN)
    if LINEAGE not in manifest:
        raise next_step(f"{where} has no {LINEAGE}", AGAIN)
    _check_lineage(folder, where, manifest)
    check_layout(folder)
    read_recipe(folder)


def _contents(folder: Path, lineage: Mapping[str, str]) -> tuple[dict[str, bytes], dict[str, Path]]:
    """What packing adds to the model, and the files of the model, by their names in a package."""
    check_layout(folder)
    read_recipe(folder)
    model = model_files(folder)
    digests = {name: file_sha256(path) for name, path in model.items()}
    return additions(digests, lineage, str(folder)), model


def additions(
    digests: Mapping[str, str], lineage: Mapping[str, str], where: str
) -> dict[str, bytes]:
    """What packing puts beside a model of these files (name -> sha256); `where` stands in errors.

    Raises RadimpressError for names that no package may hold, and for another model than the
    lineage names.
    """
    model_sha256 = names_sha256(digests)
    if lineage.get(MODEL_SHA256, model_sha256) != model_sha256:
        raise next_step(
            f"{where} is not the registered model: its sha256 is {model_sha256[:12]}, the lineage "
            f"says {lineage[MODEL_SHA256][:12]}",
            "name the folder that was registered, or register this one",
        )
    made = code_files() | {LINEAGE: _json({**lineage, MODEL_SHA256: model_sha256})}
    named = {**digests, **{name: sha256(content).hexdigest() for name, content in made.items()}}
    check_names(named, where)
    made[MANIFEST] = _json(named)
    return made


def _manifest(folder: Path, where: str) -> dict[str, str]:
    if not (folder / MANIFEST).is_file():
        raise next_step(f"{where} has no {MANIFEST}: it is no package", AGAIN)
    return _names(folder / MANIFEST, where)


def _names(path: Path, where: str) -> dict[str, str]:
    """A JSON object of texts. Raises RadimpressError."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise next_step(f"{path.name} of {where} is damaged", AGAIN) from error
    if not isinstance(plain, dict) or not all(isinstance(each, str) for each in plain.values()):
        raise next_step(f"{path.name} of {where} is damaged", AGAIN)
    return plain


def _check_lineage(folder: Path, where: str, manifest: Mapping[str, str]) -> None:
    """Answers carry the lineage's name and version: it must be of the model it lies beside."""
    lineage = _names(folder / LINEAGE, where)
    model = {each: digest for each, digest in manifest.items() if is_model(each)}
    if lineage.get(MODEL_SHA256) != names_sha256(model):
        raise next_step(f"{LINEAGE} of {where} is another model's", AGAIN)


def _members(tar: tarfile.TarFile, source: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """The files of an archive, each checked before anything is written."""
    total = 0
    for count, member in enumerate(tar, start=1):
        if not member.isreg():
            raise next_step(
                f"{source} holds {member.name[:80]!r}, which is no plain file", "do not use it"
            )
        check_name(member.name, str(source))
        total += member.size
        if total > MOST_BYTES or count > MOST_FILES:
            raise next_step(
                f"{source} unpacks to more than {MOST_BYTES >> 30} GiB or {MOST_FILES} files",
                "do not use it",
            )
        content = tar.extractfile(member)
        if content is None:
            raise next_step(f"{member.name} of {source} cannot be read", AGAIN)
        yield member, content


def _copy(content: IO[bytes], target: Path) -> None:
    with target.open("xb") as out:
        while block := content.read(BLOCK):
            out.write(block)


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    """Add a file with nothing of this machine, user or hour."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o644, 0
    tar.addfile(entry, content)


def _json(plain: Mapping[str, str]) -> bytes:
    return (json.dumps(dict(plain), indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
