"""Files in S3: content-addressed on the way up, checked by sha256 on the way down.

A folder lies at `<kind>/<sha256>/`, named by what it holds, so that nothing is uploaded twice. Its
manifest, `<kind>/<sha256>.json`, is written last: it says that the folder is whole, and what the
sha256 of each file is. It stands beside the folder and not in it, because a job's channel gets
every object below the prefix.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any

from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.digests import file_sha256, names_sha256
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import Meter

CONTENT = "content"
MANIFEST = "manifest.json"  # inside a folder that a job wrote
THREADS = 8
IGNORED = ("__pycache__",)
MISSING = ("404", "NoSuchKey", "NotFound")
BATCH = 1000  # objects S3 deletes in one request


@dataclass(frozen=True, slots=True)
class Address:
    """A place in S3: `key` is an object's key, or the prefix of a folder with its final slash."""

    bucket: str
    key: str

    @staticmethod
    def of(uri: str) -> "Address":
        """Read `s3://bucket/key`. Raises RadimpressError for anything else."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        if not uri.startswith("s3://") or not bucket:
            raise next_step(f"{uri!r} is no S3 address", "expected s3://BUCKET/KEY")
        return Address(bucket, key)

    @property
    def uri(self) -> str:
        """`s3://bucket/key`."""
        return f"s3://{self.bucket}/{self.key}"

    def child(self, name: str) -> "Address":
        """What lies at `name` below this folder."""
        return Address(self.bucket, f"{self.key.rstrip('/')}/{name}" if self.key else name)


def put_folder(session: Session, folder: Path, kind: str = CONTENT) -> str:
    """Upload every file below `folder`, unless they are there already; the address of the folder.

    Raises RadimpressError for a folder without files.
    """
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not {*p.parts} & {*IGNORED})
    return put_files(session, {p.relative_to(folder).as_posix(): p for p in paths}, kind)


def put_files(session: Session, files: Mapping[str, Path], kind: str = CONTENT) -> str:
    """As `put_folder`, for files that need not lie together: name in the folder -> local file."""
    if not files:
        raise next_step("there is no file to upload", "run `dvc repro` for what is missing")
    digests = {name: file_sha256(path) for name, path in files.items()}
    folder = Address(session.bucket, f"{kind}/{names_sha256(digests)}/")
    marker = Address(session.bucket, f"{folder.key.rstrip('/')}.json")
    if exists(session, marker.uri):
        return folder.uri
    missing = {
        name: path
        for name, path in files.items()
        if _size(session, folder.child(name)) != path.stat().st_size
    }
    total = sum(path.stat().st_size for path in missing.values())
    with _moving(f"uploading {len(missing)} files", total) as moved:

        def upload(item: tuple[str, Path]) -> None:
            _upload(session, item[1], folder.child(item[0]), moved)

        each(upload, sorted(missing.items()))
    put_text(session, json.dumps({"files": digests}, indent=2, sort_keys=True) + "\n", marker.uri)
    return folder.uri


def put_file(session: Session, path: Path, uri: str) -> None:
    """Upload one file to `uri`, whatever is there."""
    _upload(session, path, Address.of(uri), lambda _: None)


def put_text(session: Session, text: str, uri: str) -> None:
    """Write `text` to the object `uri`."""
    address = Address.of(uri)
    with spoken(f"write {uri}"):
        session.client("s3", connections=THREADS).put_object(
            Bucket=address.bucket, Key=address.key, Body=text.encode(), **encryption(session)
        )


def get_text(session: Session, uri: str) -> str | None:
    """The text of the object `uri`; None where there is none."""
    address = Address.of(uri)
    client = session.client("s3", connections=THREADS)
    with spoken(f"read {uri}"):
        try:
            body = client.get_object(Bucket=address.bucket, Key=address.key)["Body"].read()
        except client.exceptions.ClientError as error:
            if error_code(error) in MISSING:
                return None
            raise
    return str(body.decode())


def exists(session: Session, uri: str) -> bool:
    """Whether there is an object `uri`."""
    return _size(session, Address.of(uri)) is not None


def manifest(session: Session, uri: str) -> dict[str, str]:
    """The sha256 of each file of a folder that `put_files` or a job wrote.

    Raises RadimpressError where there is no manifest: the folder was deleted, or is not whole.
    """
    folder = uri.rstrip("/")
    text = get_text(session, f"{folder}.json") or get_text(session, f"{folder}/{MANIFEST}")
    if text is None:
        raise next_step(
            f"{uri} is gone or not whole (it has no manifest)", "run what made it again"
        )
    return {str(name): str(digest) for name, digest in json.loads(text)["files"].items()}


def get_folder(session: Session, uri: str, into: Path) -> None:
    """Download a folder with a manifest to `into`, whole or not at all, and check every file."""
    get_files(session, uri, manifest(session, uri), into)


def get_files(session: Session, uri: str, digests: Mapping[str, str], into: Path) -> None:
    """Download the files named in `digests` from below `uri` into the new folder `into`.

    Raises RadimpressError for a file whose sha256 is not the given one, and for a name that would
    lie outside of `into`: a manifest is what a container wrote.
    """
    if strange := [name for name in digests if not _is_inside(name)]:
        raise next_step(
            f"the manifest of {uri} names {strange[0]!r}, which is no file below it",
            "run what made it again",
        )
    folder = Address.of(uri)
    client = session.client("s3", connections=THREADS)
    sizes = objects(session, uri)
    total = sum(sizes.get(name, 0) for name in digests)
    with (
        whole_folder(into) as temporary,
        _moving(f"downloading {len(digests)} files", total) as moved,
    ):

        def download(name: str) -> None:
            target, source = temporary / name, folder.child(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            with spoken(f"read {source.uri}"):
                client.download_file(source.bucket, source.key, str(target), Callback=moved)
            if file_sha256(target) != digests[name]:
                raise next_step(
                    f"{source.uri} does not hold what was written there (its sha256 differs)",
                    "run the same again; if it stays, run what made it again",
                )

        each(download, sorted(digests))


def objects(session: Session, uri: str) -> dict[str, int]:
    """Name and bytes of every object below the folder `uri`."""
    folder = Address.of(uri.rstrip("/") + "/")
    pages = session.client("s3", connections=THREADS).get_paginator("list_objects_v2")
    found: dict[str, int] = {}
    with spoken(f"list {uri}"):
        for page in pages.paginate(Bucket=folder.bucket, Prefix=folder.key):
            for item in page.get("Contents", []):
                found[item["Key"].removeprefix(folder.key)] = item["Size"]
    return found


def remove_folder(session: Session, uri: str) -> int:
    """Delete every object below `uri`; how many there were.

    Raises RadimpressError where S3 deletes only some of them.
    """
    folder, names = Address.of(uri), sorted(objects(session, uri))
    client = session.client("s3", connections=THREADS)
    for start in range(0, len(names), BATCH):
        keys = [{"Key": folder.child(name).key} for name in names[start : start + BATCH]]
        with spoken(f"delete {uri}"):
            said = client.delete_objects(
                Bucket=folder.bucket, Delete={"Objects": keys, "Quiet": True}
            )
        if errors := said.get("Errors"):
            raise next_step(
                f"{len(errors)} objects below {uri} stay ({errors[0]['Code']})",
                "give the role what `radimpress cloud policy` lists, then run the same again",
            )
    return len(names)


def encryption(session: Session) -> dict[str, str]:
    """What a write must say about its key; without a key the bucket's default holds."""
    if session.cloud.kms_key is None:
        return {}
    return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": session.cloud.kms_key}


def _is_inside(name: str) -> bool:
    """Whether a name from a manifest stays below the folder that it is joined to."""
    parts = PurePosixPath(name).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts and "\\" not in name


def _upload(session: Session, path: Path, to: Address, moved: Callable[[int], None]) -> None:
    from boto3.exceptions import S3UploadFailedError

    extra = {"ChecksumAlgorithm": "SHA256"} | encryption(session)
    try:
        with spoken(f"write {to.uri}"):
            session.client("s3", connections=THREADS).upload_file(
                str(path), to.bucket, to.key, ExtraArgs=extra, Callback=moved
            )
    except S3UploadFailedError as error:
        raise next_step(f"{error}", "run `radimpress doctor --aws`") from error


def _size(session: Session, address: Address) -> int | None:
    client = session.client("s3", connections=THREADS)
    with spoken(f"look for {address.uri}"):
        try:
            found = client.head_object(Bucket=address.bucket, Key=address.key)
        except client.exceptions.ClientError as error:
            if error_code(error) in MISSING:
                return None
            raise
    return int(found["ContentLength"])


def each(action: Callable[[Any], None], items: Sequence[Any]) -> None:
    """Do it for all items, several at once; the first failure ends it."""
    with ThreadPoolExecutor(THREADS) as pool:
        for future in [pool.submit(action, item) for item in items]:
            try:
                future.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


@contextmanager
def _moving(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A meter of bytes that threads may advance; none for what takes no time."""
    if total < 10_000_000:
        yield lambda _: None
        return
    lock = Lock()
    with Meter(f"{what} (MB)", round(total / 1e6)) as meter:
        done = 0

        def moved(amount: int) -> None:
            nonlocal done
            with lock:
                whole = int((done + amount) / 1e6) - int(done / 1e6)
                done += amount
                if whole:
                    meter.advance(whole)

        yield moved
