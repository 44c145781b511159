import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.cloud.account.dvc_remote import set_remote
from radimpress.cloud.session import Session, open_session
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError

KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b"


def dvc(folder: Path, *words: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "dvc", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"DVC_NO_ANALYTICS": "1"},
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    dvc(folder, "init", "--no-scm", "--quiet")
    return folder


def test_data_pushed_to_the_remote_come_back(repository: Path, session: Session, loopback) -> None:
    url = set_remote(session, repository, create_bucket=True)
    assert url == f"s3://{session.bucket}/dvc"
    data = repository / "reports.txt"
    data.write_text("one\ntwo\n")
    dvc(repository, "add", "reports.txt")
    dvc(repository, "push")
    stored = loopback.client("s3").list_objects_v2(Bucket=session.bucket, Prefix="dvc/")
    assert stored["KeyCount"] == 1
    data.unlink()
    shutil.rmtree(repository / ".dvc/cache")
    dvc(repository, "pull")
    assert data.read_text() == "one\ntwo\n"


def test_the_remote_is_the_default_and_verified(repository: Path, session: Session) -> None:
    set_remote(session, repository)
    shared = (repository / ".dvc/config").read_text()
    assert "remote = aws" in shared
    assert "verify = True" in shared
    assert "sse = AES256" in shared
    assert session.endpoint_url not in shared  # an address of this machine is not for git
    assert session.endpoint_url in (repository / ".dvc/config.local").read_text()


def test_the_key_of_the_account_encrypts_what_dvc_stores(
    repository: Path, session: Session
) -> None:
    set_remote(replace(session, cloud=Cloud(kms_key=KEY)), repository)
    assert f"sse_kms_key_id = {KEY}" in (repository / ".dvc/config").read_text()


def test_a_missing_bucket_is_named_with_the_next_step(
    repository: Path, loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIMPRESS_BUCKET", "radimpress-missing")
    with pytest.raises(RadimpressError, match=r"radimpress-missing.*--create-bucket"):
        set_remote(open_session(Cloud()), repository)


def test_a_folder_that_is_no_repository_is_refused(tmp_path: Path, session: Session) -> None:
    with pytest.raises(RadimpressError, match="no DVC repository"):
        set_remote(session, tmp_path)
