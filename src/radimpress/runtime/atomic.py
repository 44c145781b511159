"""Files and folders that are whole or absent, whatever kills the writer."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from radimpress.runtime.errors import next_step
from radimpress.runtime.processes import lives


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary sibling to write to, and move it over `path` when the block succeeds.

    Raises RadimpressError when the disk is full; `path` then still holds what it held before.
    """
    target = Path(path)
    with _on_full_disk(target):
        handle, name = tempfile.mkstemp(prefix=_prefix(target), dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            _settle(temporary)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path) -> Iterator[Path]:
    """As `whole_file`, for a folder: the old one is replaced only when the new one is complete."""
    target = Path(path)
    with _on_full_disk(target):
        temporary = Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
        temporary.chmod(0o755)
        try:
            yield temporary
            if target.exists():
                shutil.rmtree(target)
            temporary.replace(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _prefix(target: Path) -> str:
    """The start of temporary names; on the way, make the folder and sweep what killed writers left.

    The writer's process id stands in the name, so that what a living process writes is spared.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    for path in target.parent.glob(f".{target.name}.*.*"):
        writer = path.name.removeprefix(f".{target.name}.").split(".")[0]
        if writer.isdigit() and not lives(int(writer)):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
    return f".{target.name}.{os.getpid()}."


@contextmanager
def _on_full_disk(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise next_step(
                f"the disk is full: {target} was not written and nothing half-written was left",
                "free some space (`dvc gc --workspace` drops unused cache) and run the same again",
            ) from error
        raise


def _settle(path: Path) -> None:
    """Sync to disk; give the permissions of an ordinary new file (mkstemp gives 0600)."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)
