"""The loopback's account, an endpoint in it that answers without a model, and a working directory
with small inputs of a training."""

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from radimpress.cloud.policy.action import Who
from radimpress.cloud.policy.table import operations
from radimpress.cloud.session import Session, open_session
from radimpress.config.cloud import Cloud
from radimpress.config.load import compose
from radimpress.config.schema import Config

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from loopback.server import Loopback
    from loopback.stand_in import StandIn


@pytest.fixture(autouse=True)
def _covered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test makes radimpress ask of the loopback stands in the table of permissions."""
    asked: set[str] = set()
    if "loopback" in request.fixturenames:
        _listen(monkeypatch, asked)
    yield
    uncovered = asked - frozenset().union(*(operations(who) for who in Who))
    assert not uncovered, f"radimpress.cloud.policy lacks {sorted(uncovered)}"


def _listen(monkeypatch: pytest.MonkeyPatch, asked: set[str]) -> None:
    """Note every operation of clients that come out of a Session, as "service:Operation"."""
    opened = Session.__dict__["boto"].func

    def listening(session: Session) -> Any:
        boto = opened(session)
        boto.events.register("before-call", lambda model, **_: asked.add(_name(model)))
        return boto

    prop = cached_property(listening)
    prop.__set_name__(Session, "boto")
    monkeypatch.setattr(Session, "boto", prop)


def _name(operation: Any) -> str:
    return f"{operation.service_model.service_name}:{operation.name}"


@pytest.fixture
def session(loopback: "Loopback") -> Session:
    """The loopback's account."""
    return open_session(Cloud())


@pytest.fixture
def stand_in(loopback: "Loopback") -> "Iterator[StandIn]":
    """An endpoint of this project, InService."""
    from loopback.stand_in import standing_in

    with standing_in(loopback) as endpoint:
        yield endpoint


@pytest.fixture
def model_error() -> "Callable[..., Response]":
    """What InvokeEndpoint answers where the container failed: status, and its own message."""
    from loopback import stand_in

    return stand_in.model_error


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: splits and foundation that only look like ones."""
    for name in ("train", "validation", "test"):
        path = tmp_path / f"data/splits/{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    foundation = tmp_path / "models/foundation"
    foundation.mkdir(parents=True)
    for name in ("model.safetensors", "tokenizer.json", "config.json"):
        (foundation / name).write_text(name)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


@pytest.fixture
def remote(root: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """The configuration of a rehearsal, in `workspace`."""
    monkeypatch.chdir(workspace)
    return compose(["compute=sagemaker_loopback", "experiment=smoke"], root / "conf")
