"""S3 as AWS's own services reach it: straight into moto's records, past the planned faults."""

import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from loopback.call import ACCOUNT, Refusal


def split(uri: str) -> tuple[str, str]:
    """Bucket and key of s3://bucket/key."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def _s3() -> Any:
    from moto.s3.models import s3_backends

    return s3_backends[ACCOUNT]["aws"]


def keys(prefix: str) -> list[str]:
    """The keys that start with the prefix, sorted. Raises Refusal without such a bucket."""
    bucket, start = split(prefix)
    try:
        found = _s3().list_objects(_s3().get_bucket(bucket), start, None, None, 10**9)[0]
    except Exception as error:
        raise Refusal("ClientError", f"no S3 bucket {bucket}: {type(error).__name__}") from error
    return sorted(key.name for key in found)


def read(uri: str) -> bytes:
    """The bytes of one object. Raises Refusal where it is not there."""
    found = _s3().get_object(*split(uri))
    if found is None:
        raise Refusal("ClientError", f"no S3 object {uri}")
    return bytes(found.value)


def write(uri: str, content: bytes) -> None:
    """One object."""
    _s3().put_object(*split(uri), content)


def relative(prefix: str, key: str) -> str:
    """Where an object lies below the folder that its prefix becomes."""
    start = split(prefix)[1]
    rest = key[len(start) :]
    if rest.startswith("/") or start.endswith("/") or not start:
        return rest.lstrip("/")
    return key.rsplit("/", 1)[-1] if not rest else key[start.rfind("/") + 1 :]


def download(prefix: str, folder: Path, chosen: Iterable[str] | None = None) -> int:
    """Lay the objects of a prefix out below `folder`; their number."""
    bucket = split(prefix)[0]
    number = 0
    for key in keys(prefix) if chosen is None else chosen:
        name = relative(prefix, key)
        if not name or name.endswith("/"):
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(read(f"s3://{bucket}/{key}"))
        number += 1
    return number


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below `folder` with its name there, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def upload(folder: Path, prefix: str) -> int:
    """Put every file below `folder` under the prefix; their number."""
    number = 0
    for name, path in files(folder):
        write(f"{prefix.rstrip('/')}/{name}", path.read_bytes())
        number += 1
    return number


def archive(folders: Iterable[Path], target: Path) -> int:
    """Pack what lies in `folders` (the first wins a name) into a tar.gz; the number of files."""
    seen: set[str] = set()
    with tarfile.open(target, "w:gz", compresslevel=1) as packed:
        for folder in folders:
            for name, path in files(folder):
                if name not in seen:
                    seen.add(name)
                    packed.add(path, name)
    return len(seen)
