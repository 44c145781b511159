"""The champion to a SageMaker endpoint."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from radimpress.commands.console import out
from radimpress.config.deployment import DeploymentTarget
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from radimpress.config.schema import Config


def deploy(
    overrides: Annotated[
        list[str] | None,
        typer.Argument(help="Hydra overrides, e.g. deployment=serverless.", metavar="OVERRIDE"),
    ] = None,
    target: Annotated[
        DeploymentTarget | None,
        typer.Option(help="Where to, where the configuration names no target."),
    ] = None,
) -> None:
    """Bring the SageMaker endpoint to the champion, or finish a promotion that was interrupted.

    Creates the endpoint or updates it blue/green, watched by alarms and golden cases that roll it
    back; a version that it serves already is left as it is. Prints what it costs first, and refuses
    above deployment.max_cost_usd_per_month. Killed or failed, the same command goes on.

    Example: radimpress deploy --target sagemaker deployment.instance_type=ml.c7i.2xlarge
    """
    from radimpress.registry.promotion.deploy import deploy_champion
    from radimpress.registry.promotion.targets import targets

    config = configured(overrides or [], target)
    done = deploy_champion(config, targets(config))
    said = f"version {done.number} is champion"
    if done.finished:
        said = f"what was interrupted is finished: {said}"
    out.print(escape("; ".join([said, *done.served])), soft_wrap=True)


def configured(overrides: list[str], target: DeploymentTarget | None) -> "Config":
    """params.yaml, or a composition of conf/ with overrides; with a target in both cases."""
    from radimpress.config.load import compose, from_params
    from radimpress.config.rules import refuse_bad

    config = compose(overrides) if overrides else from_params()
    if target is not None and target is not config.deployment.target:
        config = replace(config, deployment=replace(config.deployment, target=target))
        refuse_bad(config)
    if config.deployment.target is DeploymentTarget.none:
        raise next_step(
            "deployment.target is none, so there is nowhere to deploy to",
            "radimpress deploy --target sagemaker, or choose in conf/deployment",
        )
    return config
