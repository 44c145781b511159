"""The AWS account: ask an endpoint, see what runs and what it costs, take everything down."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from radimpress.commands.cloud_setup import policy, remote
from radimpress.commands.console import out
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from radimpress.cloud.inventory import Inventory
    from radimpress.cloud.inventory.only_copies import OnlyCopy
    from radimpress.cloud.invoke.answers import Request
    from radimpress.cloud.invoke.client import EndpointClient
    from radimpress.cloud.session import Session

cloud = typer.Typer(no_args_is_help=True, help="The AWS account: what runs there, what it costs.")
cloud.command()(policy)
cloud.command()(remote)


@cloud.command()
def status(
    everything: Annotated[bool, typer.Option("--all", help="Ended jobs too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Show everything of this project in the account, by its tag, and what it costs.

    Endpoints, jobs, models, autoscaling, alarms, pipelines, dashboards, logs and the bucket: state,
    age, dollars an hour and a month. Exits 1 where a part of the account could not be looked at.

    Example: radimpress cloud status
    """
    from radimpress.cloud.inventory import view

    session, found, _ = _stock()
    shown = [each for each in found.resources if everything or not each.is_over]
    if as_json:
        print(json.dumps(view.as_dict(found, session), indent=1))
    elif not shown:
        out.print(f"nothing of {view.where(session)}")
    else:
        out.print(view.as_table(shown))
        out.print(f"{view.where(session)}: {view.total(found)}")
    _say_unseen(found.unseen)
    raise typer.Exit(bool(found.unseen))


def teardown(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: Annotated[
        bool,
        typer.Option(
            "--data/--keep-data", help="Logs and the objects of the bucket too (DVC's stay)."
        ),
    ] = False,
    models: Annotated[
        bool,
        typer.Option(
            "--models/--keep-models",
            help="With --data: the only copies of models registered by reference too.",
        ),
    ] = False,
) -> None:
    """Remove everything of this project from the account, what costs most first.

    Lists it and asks. Running jobs are stopped, endpoints, configurations, models, autoscaling,
    alarms, pipelines and dashboards deleted; only what carries the project's tag is touched. The
    bucket itself stays. Looks again at the end; exits 1 where something is left. Running it twice
    does no harm.

    Example: radimpress teardown
    """
    from radimpress.cloud.inventory import teardown as removal
    from radimpress.cloud.inventory import view
    from radimpress.cloud.inventory.listing import sparing

    if models and not data:
        raise next_step("--models was given without --data", "add --data, or leave both out")
    session, found, spared = _stock(spare=data and not models)
    sections = sparing([each.prefix for each in spared])
    for each in spared:
        said = f"{each.named} stays: {each.prefix} holds its only copy (--models removes it too)"
        out.print(escape(said), soft_wrap=True)
    chosen = removal.to_remove(found, data)
    if chosen:
        out.print(view.as_table(chosen))
        out.print(f"{view.where(session)}: {len(chosen)} to remove; {view.total(found)}")
        if not yes:
            _ask()
        removed = removal.tear_down(session, chosen, data, sections)
        for number, done in enumerate(removed, start=1):
            mark = (
                f"[red]stays[/]: {escape(done.problem)}"
                if done.problem
                else view.gone(done.resource)
            )
            name = f"{done.resource.kind.value} {done.resource.name}"
            out.print(f"{number}/{len(chosen)} {name}: {mark}")
    if data:
        for done in removal.remove_logs_of_jobs(session, found):
            if done.problem:
                out.print(f"log of {done.resource.name}: [red]stays[/]: {escape(done.problem)}")
    left = removal.whats_left(session, data, sections=sections)
    _say_unseen(left.unseen)
    if left.resources:
        out.print(view.as_table(left.resources))
    if not left.is_nothing:
        number = len(left.resources)
        problem = f"{number} resources are left" if number else "what is left is not known"
        raise next_step(problem, "run the same again")
    kept = "the bucket stays, with DVC's objects" if data else "logs and the bucket's objects stay"
    kept += (" and the models above" if spared else "") if data else " (--data removes them)"
    out.print(f"nothing is left that costs by the hour; {kept}")


def _say_unseen(problems: Iterable[str]) -> None:
    for problem in dict.fromkeys(problems):  # one fault may hide every part
        print(f"not seen: {problem}", file=sys.stderr)


def _ask() -> None:
    if not sys.stdin.isatty():
        raise next_step("nobody is there to ask", "add --yes to remove what is listed")
    typer.confirm("Remove all of it?", abort=True)


def _stock(spare: bool = False) -> "tuple[Session, Inventory, tuple[OnlyCopy, ...]]":
    """What there is; with `spare`, the only copies in the bucket do not count, and are told."""
    from radimpress.cloud.inventory.listing import own_prices, sparing, take_stock
    from radimpress.cloud.inventory.only_copies import only_copies
    from radimpress.cloud.session import open_session
    from radimpress.config.load import from_params

    config = from_params()
    session = open_session(config.cloud)
    spared = only_copies(session, config.tracking) if spare else ()
    sections = sparing([each.prefix for each in spared])
    prices = own_prices([config.compute.job, config.deployment])
    return session, take_stock(session, prices, sections), spared


def invoke(
    endpoint: Annotated[str, typer.Argument(help="A SageMaker endpoint of this account.")],
    source: Annotated[str, typer.Argument(help="A .jsonl file, or - for standard input.")] = "-",
    findings: Annotated[
        str | None, typer.Option(help="Ask this one thing instead of a file.")
    ] = None,
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, help="Requests at once; by default generation.concurrency."),
    ] = None,
) -> None:
    """Ask a SageMaker endpoint, and print its answers as the HTTP app gives them.

    Real-time, serverless or asynchronous. One JSON object a line in ({"findings": ...}; see
    docs/serving.md), one a line out, in the same order. Throttled and failed requests are asked
    again; an interrupted run goes on where it stopped. Exits 1 where a report stays unanswered.

    Example: radimpress invoke radimpress --findings "Moderate left pleural effusion."
    """
    from radimpress.cloud.invoke.requests import read_invocations

    if findings is not None and not findings.strip():
        raise next_step("--findings is empty", "give the findings of one report")
    requests = None if findings else read_invocations(source, sys.stdin)
    client = endpoint_client(endpoint, concurrency)
    if findings:
        print(json.dumps(client.ask({"findings": findings}), indent=1, ensure_ascii=False))
    elif requests and _print_answers(client, requests):
        raise typer.Exit(1)


def batch(
    source: Annotated[
        Path, typer.Argument(help="A .parquet or .jsonl file with findings, of any length.")
    ],
    output: Annotated[
        str, typer.Option(help="A .parquet or .jsonl file, a folder, or s3://BUCKET/FOLDER.")
    ],
    overrides: Annotated[
        list[str] | None,
        typer.Argument(help="Hydra overrides, e.g. compute=sagemaker_cpu."),
    ] = None,
    model: Annotated[
        str, typer.Option(help="A model folder or a registered model, e.g. models:/NAME@ALIAS.")
    ] = "models:/radimpress@champion",
    machines: Annotated[int, typer.Option(min=1, help="Rented at once, where it is a job.")] = 1,
    shard: Annotated[int, typer.Option(min=1, help="Reports a shard.")] = 2000,
) -> None:
    """Write the impressions of a whole corpus, shard by shard, here or on many machines.

    With compute.place=sagemaker a processing job on --machines does it, after its plan
    was printed and found below compute.job.max_cost_usd. Results come in the order of the input and
    are counted. Interrupted anywhere, the same command does only the missing shards.

    Example: radimpress batch reports.parquet --output impressions.parquet compute=sagemaker_cpu
    """
    from radimpress.cloud.batch.run import run_batch
    from radimpress.commands.models import model_folder
    from radimpress.config.load import compose, from_params
    from radimpress.config.program import pin_threads

    if not source.exists():
        raise next_step(f"{source} is missing", "give an existing .parquet or .jsonl file")
    config = compose(overrides) if overrides else from_params()
    pin_threads(config.compute.threads)
    if count := run_batch(config, model_folder(model), source, output, shard, machines):
        out.print(escape(f"{output}: {count:,} impressions"), soft_wrap=True)


def endpoint_client(endpoint: str, concurrency: int | None = None) -> "EndpointClient":
    """The client of an endpoint, in the account and under the privacy that params.yaml names."""
    from radimpress.cloud.invoke.client import EndpointClient
    from radimpress.cloud.session import open_session
    from radimpress.config.load import from_params
    from radimpress.config.privacy import text_is_public

    config = from_params()
    return EndpointClient(
        open_session(config.cloud),
        endpoint,
        text_is_public(config),
        concurrency or config.generation.concurrency,
    )


def _print_answers(client: "EndpointClient", requests: "list[Request]") -> int:
    """Print a line a request as it is answered; how many were not."""
    from radimpress.cloud.invoke.answers import Failed
    from radimpress.cloud.invoke.kept import kept_answers

    failed = 0
    with kept_answers(requests, client.endpoint.arn, client.endpoint.config) as kept:
        for outcome in client.ask_all(requests, kept, len(requests)):
            is_failed = isinstance(outcome, Failed)
            failed += is_failed
            line = outcome.as_answer() if isinstance(outcome, Failed) else outcome.answer
            print(json.dumps(line, ensure_ascii=False))
    if not failed:
        kept.discard()
    return failed
