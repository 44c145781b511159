"""The loopback's account, and an endpoint in it that answers without a model."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from radimpress.cloud.session import Session, open_session
from radimpress.config.cloud import Cloud

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from loopback.server import Loopback
    from loopback.stand_in import StandIn


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
