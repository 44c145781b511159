import pytest

from radimpress.cloud.endpoints import wait as endpoint_wait
from radimpress.cloud.endpoints.refusal import EndpointSilentError
from radimpress.cloud.endpoints.state import EndpointState
from radimpress.cloud.endpoints.wait import settled


def state(status, phase=""):
    return EndpointState("e", "arn", status, "c", phase=phase)


@pytest.fixture
def looks(monkeypatch):
    """Looks at the endpoint from now on, the last for ever; no time passes."""
    coming = []
    monkeypatch.setattr(
        endpoint_wait, "look", lambda *_: coming.pop(0) if len(coming) > 1 else coming[0]
    )
    monkeypatch.setattr(endpoint_wait.time, "sleep", lambda _: None)
    return coming


def test_it_waits_until_nothing_changes_and_says_each_state_once(looks, capsys):
    looks += [state("Updating"), state("Updating", "Baking"), state("InService")]
    seen = []
    found = settled(None, state("Updating"), 60, seen.append)
    assert found == state("InService")
    assert seen == [state("Updating"), state("Updating"), state("Updating", "Baking")]
    told = capsys.readouterr().err.splitlines()
    assert told == ["endpoint e: Updating, 0 s", "endpoint e: Updating (Baking), 0 s"]


def test_an_endpoint_that_goes_is_none(looks):
    looks += [None]
    assert settled(None, state("Deleting"), 60) is None


def test_patience_ends(looks):
    looks += [state("Updating")]
    with pytest.raises(EndpointSilentError, match="endpoint e is still Updating after 0 s; next:"):
        settled(None, state("Updating"), 0)
