"""What a training would need and cost, before it starts."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from radimpress.commands.console import out
from radimpress.runtime.errors import RadimpressError

if TYPE_CHECKING:
    from radimpress.cloud.planning.record import Plan


def plan(
    overrides: Annotated[
        list[str] | None,
        typer.Argument(help="Hydra overrides, e.g. model=flan_t5_xl compute=sagemaker_p5_4xlarge."),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Compare all presets of conf/compute in one table.")
    ] = False,
    machines: Annotated[
        bool, typer.Option("--machines", help="List the known machines and their prices.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what a training needs: steps, operations, memory, hours, dollars, storage.

    Nothing is started and nothing asked of AWS. The same numbers are held against
    compute.job.max_hours and max_cost_usd before any job starts. Without overrides, params.yaml is
    planned. Works without data and without the model at hand; then it says what it assumed.

    Example: radimpress plan model=flan_t5_xl training=flan data=mimic_cxr --all
    """
    from radimpress.cloud.planning import planner, view
    from radimpress.config.load import compose, from_params

    given = overrides or []
    if machines:
        _print_machines(as_json)
        return
    if every:
        _compare(given, as_json)
        return
    config = compose(given) if given else from_params()
    made = planner.plan(config)
    if as_json:
        print(json.dumps(view.as_dict(made), indent=1))
    else:
        out.print(view.show(made))


def _compare(overrides: list[str], as_json: bool) -> None:
    """Every preset that composes with `overrides`; the others with the reason.

    Raises the first reason where none does: then it is the other overrides that are wrong.
    """
    from radimpress.cloud.planning import planner, view
    from radimpress.config.load import compose
    from radimpress.config.register import CONF

    rest = [one for one in overrides if not one.startswith("compute=")]
    plans: list[Plan] = []
    refused: dict[str, RadimpressError] = {}
    for name in sorted(path.stem for path in Path(CONF, "compute").glob("*.yaml")):
        try:
            plans.append(planner.plan(compose([*rest, f"compute={name}"])))
        except RadimpressError as error:
            refused[name] = error
    if not plans and refused:
        raise next(iter(refused.values()))
    if as_json:
        print(json.dumps([view.as_dict(one) for one in plans], indent=1))
    else:
        out.print(view.show_all(plans, {name: str(why) for name, why in refused.items()}))


def _print_machines(as_json: bool) -> None:
    from dataclasses import asdict

    from radimpress.cloud.instances import INSTANCES
    from radimpress.cloud.planning import view

    if as_json:
        print(json.dumps([asdict(one) for one in INSTANCES.values()], indent=1))
    else:
        out.print(view.show_machines(list(INSTANCES.values())))
