"""A content-addressed folder made of files that are in S3 already: S3 copies them itself."""

import json
from collections.abc import Mapping
from hashlib import sha256

from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.cloud.storage import THREADS, Address, each, encryption, exists, put_text
from radimpress.runtime.digests import names_sha256


def copy_folder(
    session: Session, uri: str, files: Mapping[str, str], added: Mapping[str, bytes], kind: str
) -> str:
    """As `storage.put_files`, for `files` (name -> sha256) below `uri`: S3 copies them.

    `added` is put beside them. Their bytes are not read here; who loads the folder checks them.
    """
    digests = {**files, **{name: sha256(content).hexdigest() for name, content in added.items()}}
    folder = Address(session.bucket, f"{kind}/{names_sha256(digests)}/")
    marker = Address(session.bucket, f"{folder.key.rstrip('/')}.json")
    if exists(session, marker.uri):
        return folder.uri
    client, source = session.client("s3", connections=THREADS), Address.of(uri)

    def copy(name: str) -> None:
        come_from, to = source.child(name), folder.child(name)
        with spoken(f"copy {come_from.uri}"):
            client.copy(
                {"Bucket": come_from.bucket, "Key": come_from.key},
                to.bucket,
                to.key,
                ExtraArgs=encryption(session),
            )

    def put(name: str) -> None:
        to = folder.child(name)
        with spoken(f"write {to.uri}"):
            client.put_object(Bucket=to.bucket, Key=to.key, Body=added[name], **encryption(session))

    each(copy, sorted(files))
    each(put, sorted(added))
    put_text(session, json.dumps({"files": digests}, indent=2, sort_keys=True) + "\n", marker.uri)
    return folder.uri
