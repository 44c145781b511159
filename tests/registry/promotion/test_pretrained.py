from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.config.schema import Config
from radimpress.registry.promotion import pretrained
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError


def test_the_foundation_gets_an_endpoint_of_its_own(
    config: Config, model_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = []

    def deploy(session, config, package, lineage, golden):  # type: ignore[no-untyped-def]
        asked.append((config.deployment.endpoint, package, lineage, golden))

    monkeypatch.setattr(pretrained, "deploy", deploy)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    pretrained.deploy_pretrained(config, model_folder)
    ((endpoint, package, lineage, golden),) = asked
    assert endpoint == "radimpress-pretrained"
    assert isinstance(package, PackagedModel)
    assert package.version == "pretrained"
    assert package.model_sha256 == folder_sha256(model_folder)
    assert package.write(tmp_path, False).is_dir()
    assert (lineage, golden) == ({}, ())


def test_a_name_that_aws_would_refuse_is_refused_first(config: Config, model_folder: Path) -> None:
    deployment = replace(config.deployment, endpoint="e" * 50)
    with pytest.raises(RadimpressError, match="is no endpoint name"):
        from radimpress.config.deployment import DeploymentTarget

        own = replace(deployment, target=DeploymentTarget.sagemaker)
        pretrained.deploy_pretrained(replace(config, deployment=own), model_folder)
