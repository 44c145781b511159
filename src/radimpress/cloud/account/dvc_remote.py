"""The project's bucket as DVC's remote, with every object checked when it comes back."""

from pathlib import Path
from typing import Any

from radimpress.cloud.account.bucket import bucket_exists, make_bucket
from radimpress.cloud.session import Session
from radimpress.runtime.errors import next_step

NAME = "aws"
FOLDER = "dvc"


def set_remote(session: Session, root: Path, name: str = NAME, create_bucket: bool = False) -> str:
    """Make the bucket the default remote of the DVC repository at `root`; returns its URL.

    `verify` is on: DVC re-hashes what it pulls; without it, a damaged object passes as sound. What
    is true for everybody goes to .dvc/config, what only holds here (profile, a loopback's address)
    to .dvc/config.local, which git does not take. Raises RadimpressError where there is no bucket
    and none may be made.
    """
    if create_bucket:
        make_bucket(session)
    elif not bucket_exists(session):
        raise next_step(
            f"there is no bucket {session.bucket}",
            "run `radimpress cloud remote --create-bucket`, or name another (cloud.bucket)",
        )
    url = f"s3://{session.bucket}/{FOLDER}"
    shared = {"url": url, "region": session.region, "verify": True} | _encryption(session)
    _write(root, "repo", {"core": {"remote": name}, "remote": {name: shared}})
    if here := _here(session):
        _write(root, "local", {"remote": {name: here}})
    return url


def _encryption(session: Session) -> dict[str, str]:
    key = session.cloud.kms_key
    return {"sse": "aws:kms", "sse_kms_key_id": key} if key else {"sse": "AES256"}


def _here(session: Session) -> dict[str, Any]:
    """What holds on this machine only."""
    made: dict[str, Any] = {}
    if session.cloud.profile:
        made["profile"] = session.cloud.profile
    if session.endpoint_url:
        made["endpointurl"] = session.endpoint_url
    return made


def _write(root: Path, level: str, wanted: dict[str, dict[str, Any]]) -> None:
    from dvc.exceptions import NotDvcRepoError
    from dvc.repo import Repo

    try:
        repo = Repo(str(root))
    except NotDvcRepoError as error:
        raise next_step(
            f"{root} is no DVC repository", "run this in the repository's root"
        ) from error
    with repo, repo.config.edit(level) as config:
        for section, values in wanted.items():
            for key, value in values.items():
                config.setdefault(section, {})[key] = value
