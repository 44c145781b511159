"""The AWS account: ask an endpoint, see what runs and what it costs, take everything down."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from radimpress.cloud.invoke import EndpointClient
    from radimpress.cloud.invoke_answers import Request


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
    from radimpress.cloud.invoke_requests import read_invocations

    requests = None if findings else read_invocations(source, sys.stdin)
    client = endpoint_client(endpoint, concurrency)
    if findings:
        print(json.dumps(client.ask({"findings": findings}), indent=1, ensure_ascii=False))
    elif requests and _print_answers(client, requests):
        raise typer.Exit(1)


def endpoint_client(endpoint: str, concurrency: int | None = None) -> "EndpointClient":
    """The client of an endpoint, in the account and under the privacy that params.yaml names."""
    from radimpress.cloud.invoke import EndpointClient
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
    from radimpress.cloud.invoke_answers import Failed
    from radimpress.cloud.invoke_kept import kept_answers

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
