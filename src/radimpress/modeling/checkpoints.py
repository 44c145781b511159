"""Checkpoints that survive kill -9: whole or ignored, and never those of another training.

One folder a training, named by what decides its weights. In it `checkpoint-STEP` folders, of which
the last and the best are kept. A checkpoint counts from the moment its marker is written, after
everything else is on disk; a folder without marker is the rest of a killed process and is deleted.

The marker names every file with its size. A copy of the folder, such as the one in S3 from which a
job on another machine goes on, may hold the marker and lack a file: then it does not count.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config, Strategy
from radimpress.modeling.history import LogRecord
from radimpress.modeling.layout import weight_files
from radimpress.runtime.atomic import write_text
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.roots import checkpoints_root

FORMAT = 2  # of a checkpoint, and of what a training step means: a change makes old ones unusable
MARKER = "complete.json"
PREFIX = "checkpoint-"
LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A complete checkpoint: where it is, after how many steps, and the curves up to there.

    `sharded`: weights and optimizer state lie in FSDP's shards.
    """

    folder: Path
    step: int
    sharded: bool
    history: tuple[LogRecord, ...]


def training_folder(config: Config, foundation: Path, splits: Path) -> Path:
    """Where the checkpoints of this training belong: `<root>/checkpoints/<hash>`.

    The hash is of what decides the weights: seed, model, training, the training and validation
    split, the foundation's weights. Where it is computed (`compute`) is left out, so that a
    training can go on with other hardware settings.
    """
    files = [splits / "train.parquet", splits / "validation.parquet"]
    files += [foundation / name for name in (*weight_files(foundation), "tokenizer.json")]
    digests = [_md5(path) for path in files]
    parts = (FORMAT, config.seed, config.model, config.training, digests)
    return checkpoints_root() / fingerprint(*parts)[:32]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep the folder to this process. Raises RadimpressError where another one trains in it."""
    _make(folder)
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise next_step(
            f"another process is running this very training (it holds {folder / LOCK})",
            "wait for it to end, or stop it; the same command then goes on from its checkpoint",
        ) from error
    try:
        yield
    finally:
        lock.release()


def latest(folder: Path) -> Checkpoint | None:
    """The complete checkpoint with the most steps; None where there is none."""
    return max(_complete(folder), key=lambda found: found.step, default=None)


def discard_incomplete(folder: Path) -> None:
    """Delete what a killed process left half-written. The folder must be locked."""
    for path in folder.glob(f"{PREFIX}*"):
        if not (path / MARKER).is_file():
            shutil.rmtree(path)


def complete(
    folder: Path,
    step: int,
    sharded: bool,
    history: Sequence[LogRecord],
    elsewhere: Mapping[str, int] | None = None,
) -> None:
    """Sync everything of a checkpoint to disk, then write its marker: from now on it counts.

    `elsewhere`: files, with their sizes, that other machines have written for it.
    """
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as stream:
                os.fsync(stream.fileno())
    files = dict(elsewhere or {}) | sizes(folder)
    plain = {"format": FORMAT, "step": step, "sharded": sharded, "files": files}
    records = [asdict(record) for record in history]
    write_text(folder / MARKER, json.dumps(plain | {"history": records}) + "\n")


def sizes(folder: Path) -> dict[str, int]:
    """Name and bytes of every file below `folder`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def keep(folder: Path, steps: set[int]) -> None:
    """Delete every checkpoint but those after `steps`; a kill in between leaves no false ones."""
    for path in folder.glob(f"{PREFIX}*"):
        if path.name not in {f"{PREFIX}{step}" for step in steps}:
            (path / MARKER).unlink(missing_ok=True)
            shutil.rmtree(path)


def remove(folder: Path) -> None:
    """Delete a training's checkpoints once its model is saved."""
    keep(folder, set())
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Write a checkpoint; where that fails nothing of it stays, and a full disk gets one line.

    torch and safetensors have errors of their own for a full disk, so it is recognised by text and
    by the space that is left.
    """
    try:
        yield
    except RadimpressError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        if not _full_disk(error):
            raise
        raise next_step(
            f"the disk is full: {folder} was not written; the checkpoint before it is kept",
            "free some space (`dvc gc --workspace` drops unused cache) and run the same again, "
            "which goes on from there",
        ) from error


def _full_disk(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    signs = ("no space left on device", "disk quota exceeded", "pytorchstreamwriter failed writing")
    return any(sign in str(error).lower() for sign in signs)


def _complete(folder: Path) -> Iterator[Checkpoint]:
    for path in sorted(folder.glob(f"{PREFIX}*/{MARKER}")):
        plain = json.loads(path.read_text(encoding="utf-8"))
        if (
            plain["format"] == FORMAT
            and plain.get("files", {}).items() <= sizes(path.parent).items()
        ):
            history = tuple(LogRecord(**record) for record in plain["history"])
            yield Checkpoint(path.parent, plain["step"], plain["sharded"], history)


def refuse_other_layout(found: Checkpoint, strategy: Strategy) -> None:
    """Raise RadimpressError for FSDP's shards without FSDP, or the other way round."""
    if found.sharded is not (strategy is Strategy.fsdp):
        wrote = "fsdp" if found.sharded else "single or ddp"
        raise next_step(
            f"{found.folder} was written with compute.strategy {wrote}, this run has "
            f"{strategy.value}",
            f"go on with the strategy it began with, or delete {found.folder.parent} to start anew",
        )


def _md5(path: Path) -> str:
    if not path.is_file():
        raise next_step(f"{path} is missing", "run `dvc repro`")
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise next_step(
            f"the checkpoint folder {folder} cannot be made ({error.strerror})",
            "make it writable, or free some space",
        ) from error
