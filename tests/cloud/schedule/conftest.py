"""The compiled pipeline of a rehearsal, on the account of the loopback."""

from pathlib import Path

import pytest

from radimpress.cloud.schedule.contents import Contents, put_contents
from radimpress.cloud.session import Session, open_session
from radimpress.config.load import compose
from radimpress.config.schema import Config


@pytest.fixture
def scheduled(root: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """A configuration that can be scheduled."""
    monkeypatch.chdir(root)
    overrides = ["compute=sagemaker_loopback", "experiment=smoke", "compute.processes=1"]
    return compose([*overrides, "tracking.uri=https://mlflow.example.org"])


@pytest.fixture
def account(loopback: object, scheduled: Config) -> Session:
    """The loopback's account."""
    return open_session(scheduled.cloud)


@pytest.fixture
def contents(account: Session, scheduled: Config) -> Contents:
    """What is uploaded."""
    return put_contents(account, scheduled, {"radimpress.git_commit": "c" * 40})
