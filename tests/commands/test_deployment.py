import pytest
from typer.testing import CliRunner

from radimpress.cli import app
from radimpress.commands.deployment import configured
from radimpress.config.deployment import DeploymentTarget, EndpointMode
from radimpress.registry.promotion.deploy import DeployedChampion
from radimpress.runtime.errors import RadimpressError

SAGEMAKER = DeploymentTarget.sagemaker


def test_the_configuration_is_params_yaml_or_a_composition(root, monkeypatch):
    monkeypatch.chdir(root)
    assert configured([], SAGEMAKER).deployment.target is SAGEMAKER
    chosen = configured(["deployment=serverless"], None).deployment
    assert (chosen.target, chosen.mode) == (SAGEMAKER, EndpointMode.serverless)


def test_nowhere_to_deploy_to_is_said_so(root, monkeypatch):
    monkeypatch.chdir(root)
    with pytest.raises(RadimpressError, match="next: radimpress deploy --target sagemaker"):
        configured(["seed=3"], None)
    with pytest.raises(RadimpressError, match="deployment.target is none"):
        configured(["deployment=realtime"], DeploymentTarget.none)


def test_a_target_that_is_given_is_held_to_the_rules_too(root, monkeypatch):
    monkeypatch.chdir(root)
    with pytest.raises(RadimpressError, match="deployment.startup_s"):
        configured(["deployment.startup_s=1"], SAGEMAKER)


@pytest.mark.parametrize(
    ("finished", "told"),
    [(False, "version 3 is champion;"), (True, "what was interrupted is finished: version 3")],
)
def test_it_says_what_serves(root, monkeypatch, finished, told):
    monkeypatch.chdir(root)
    done = DeployedChampion("3", finished, ("endpoint radimpress answers with version 3",))
    monkeypatch.setattr("radimpress.registry.promotion.deploy.deploy_champion", lambda *_: done)
    shown = CliRunner().invoke(app, ["deploy", "--target", "sagemaker"])
    assert shown.exit_code == 0
    assert told in shown.stdout
    assert "endpoint radimpress answers with version 3" in shown.stdout
