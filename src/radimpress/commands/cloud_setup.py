"""Setting the AWS account up: who may do what, and where DVC keeps its data."""

import json
import re
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from radimpress.commands.console import out
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from radimpress.cloud.policy.resources import Place


class Principal(Enum):
    """Whose policy is printed."""

    user = "user"
    deployer = "deployer"
    dashboard = "dashboard"
    caretaker = "caretaker"
    setup = "setup"
    role = "role"
    trust = "trust"
    bucket = "bucket"


def policy(
    principal: Annotated[
        Principal,
        typer.Option(
            help="user trains; deployer makes endpoints; dashboard publishes to QuickSight; "
            "caretaker lists and takes down; setup makes the bucket; role is what jobs and "
            "endpoints run under, trust who may take it; bucket is the bucket's own."
        ),
    ] = Principal.user,
    account: Annotated[
        str | None, typer.Option(help="The account's 12 digits, to ask nothing of AWS.")
    ] = None,
) -> None:
    """Print the least that is needed in AWS, as a policy in JSON.

    Made from the one table that the tests hold every AWS call of radimpress against. Nothing is
    changed in AWS.

    Example: radimpress cloud policy --principal role > role.json
    """
    from radimpress.cloud.policy import documents
    from radimpress.cloud.policy.action import Who

    where = _place(account)
    if principal is Principal.trust:
        made = documents.trust_policy(where)
    elif principal is Principal.bucket:
        made = documents.bucket_policy(where)
    else:
        made = documents.identity_policy(where, Who(principal.value))
    print(json.dumps(made, indent=2))


def remote(
    name: Annotated[str, typer.Option(help="The remote's name in DVC.")] = "aws",
    create_bucket: Annotated[
        bool,
        typer.Option(
            "--create-bucket",
            help="Make the bucket, or mend it: encrypted, versioned, closed to the public.",
        ),
    ] = False,
) -> None:
    """Make the project's S3 bucket DVC's default remote, with every pulled object verified.

    Example: radimpress cloud remote --create-bucket && dvc push
    """
    from radimpress.cloud.account.dvc_remote import set_remote
    from radimpress.cloud.session import open_session
    from radimpress.config.load import from_params

    url = set_remote(open_session(from_params().cloud), Path.cwd(), name, create_bucket)
    out.print(f"DVC's default remote {name!r} is {url}, verified on every pull")
    out.print("commit .dvc/config, then: dvc push")


def _place(account: str | None) -> "Place":
    from dataclasses import replace

    from radimpress.cloud.policy.documents import place
    from radimpress.cloud.session import open_session
    from radimpress.config.load import from_params

    if account is not None and not re.fullmatch(r"[0-9]{12}", account):
        raise next_step(f"--account is {account!r}, expected 12 digits", "leave the dashes out")
    config = from_params()
    session = replace(open_session(config.cloud), named_account=account)
    return place(session, config.tracking.uri)
