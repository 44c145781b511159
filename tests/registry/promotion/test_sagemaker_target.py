from dataclasses import replace

import pytest

from radimpress.cloud.endpoints.deployment import Deployed
from radimpress.cloud.endpoints.refusal import EndpointSilentError, refused
from radimpress.config.deployment import DeploymentTarget
from radimpress.registry.ledger.entry import draft
from radimpress.registry.promotion import sagemaker_target
from radimpress.registry.promotion.sagemaker_target import SageMakerEndpoint
from radimpress.registry.promotion.targets import UnreachedError, targets
from radimpress.registry.versions import version
from radimpress.runtime.errors import RadimpressError

DONE = Deployed("radimpress", "1", "radimpress-v1", True)


@pytest.fixture
def calls(monkeypatch):
    """What `deploy` was asked for; nothing is packed and nobody is asked."""
    found = []

    def deploy(_session, config, package, lineage, golden):
        found.append((package, lineage, golden))
        return DONE

    monkeypatch.setattr(sagemaker_target, "deploy", deploy)
    monkeypatch.setattr(sagemaker_target, "packaged", lambda *_: "package")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    return found


@pytest.fixture
def endpoint(config):
    return SageMakerEndpoint(config)


def entry(ledger, **fields):
    written = replace(draft("promote", ledger.name, None, "1"), **fields)
    return ledger.append(written, ledger.read().head)


def test_the_endpoint_is_told_the_entry_and_asked_the_golden_cases(
    endpoint, calls, ledger, store, versions
):
    made = entry(ledger)
    said = endpoint.serve(version(store, versions, "1"))
    assert said == "endpoint radimpress answers with version 1"
    ((package, lineage, golden),) = calls
    assert (package, lineage) == ("package", {"radimpress:ledger-entry": made.digest})
    assert len(golden) > 50


def test_an_entry_about_another_version_is_not_told(endpoint, calls, ledger, store, versions):
    entry(ledger)
    endpoint.serve(version(store, versions, "2"))
    assert calls[0][1] == {}


def test_an_overridden_golden_gate_is_not_asked_of_the_endpoint_either(
    endpoint, calls, ledger, store, versions
):
    entry(ledger, overrides={"golden": "known"})
    endpoint.serve(version(store, versions, "1"))
    assert calls[0][2] == ()


def test_what_it_serves_already_is_said_so(endpoint, calls, monkeypatch, store, versions):
    monkeypatch.setattr(sagemaker_target, "deploy", lambda *_: replace(DONE, changed=False))
    said = endpoint.serve(version(store, versions, "1"))
    assert said == "endpoint radimpress answers already with version 1"


def test_a_refusal_stays_one_and_an_outage_is_none(endpoint, calls, monkeypatch, store, versions):
    one = version(store, versions, "1")

    def raises(error):
        def deploy(*_):
            raise error

        monkeypatch.setattr(sagemaker_target, "deploy", deploy)

    raises(refused("it is broken", "mend it"))
    with pytest.raises(RadimpressError, match="it is broken; next: mend it") as caught:
        endpoint.serve(one)
    assert not isinstance(caught.value, UnreachedError)
    raises(EndpointSilentError("still Updating; next: look"))
    with pytest.raises(UnreachedError, match="still Updating; next: look; then run the same"):
        endpoint.serve(one)


def test_a_promotion_brings_it_in_line_where_it_is_the_target(config):
    deployed = replace(config.deployment, target=DeploymentTarget.sagemaker)
    names = [target.name for target in targets(replace(config, deployment=deployed))]
    assert names == ["local servers", "SageMaker endpoint"]
    assert [target.name for target in targets(config)] == ["local servers"]
