"""The server: moto in this process, and before it the operations that really do something.

A module of this package takes operations over by its function `install(loop)`, named in PARTS:

    def install(loop: Loopback) -> None:
        loop.operations["sagemaker:StopTrainingJob"] = stop     # consulted before moto
        loop.at_reset(kill_everything)

    def stop(call: Call) -> dict[str, Any] | Response:
        call.request["TrainingJobName"]; call.backend  # moto's records; call.forward() asks moto
        raise Refusal("ValidationException", "...")
"""

import importlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from moto.core.exceptions import ServiceException
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from loopback.call import ACCOUNT, Call, Refusal, json_response, read_call
from loopback.faults import Faults
from loopback.validation import validate

if TYPE_CHECKING:
    from loopback.hosting import Hosting
    from loopback.jobs import Jobs

REGION = "us-east-1"
BUCKET = f"radimpress-{ACCOUNT}-{REGION}"
ROLE = "radimpress-execution"
PARTS: tuple[str, ...] = (
    "loopback.training",
    "loopback.processing",
    "loopback.tuning",
    "loopback.endpoints",
    "loopback.hosting_records",
    "loopback.invocations",
    "loopback.alarms",
    "loopback.scaling",
    "loopback.quicksight",
    "loopback.transform",
)  # modules with an `install`

Operation = Callable[[Call], dict[str, Any] | Response]


@dataclass
class JobPace:
    """How long AWS would take; a test shortens or stretches it."""

    grace_s: float = 2.0  # between SIGTERM and SIGKILL; AWS: 120
    spot_wait_s: float = 0.2  # for another machine after an interruption; AWS: minutes to days
    sync_s: float = 0.3  # between looks at the checkpoint folder
    startup_s: float = 60.0  # for a transform job's container to be healthy; AWS: 240


class _QuietHandler(MotoRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep requests out of the test's output."""


class Loopback:
    """AWS on this machine: `with Loopback(folder) as loop`, then set `loop.environment`.

    `folder` takes what jobs and endpoints lay on disk.
    """

    training: "Jobs"  # set by the part of that name
    hosting: "Hosting"

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder.resolve()
        self._no_settings = self.folder / "no-aws-settings"
        self.faults = Faults()
        self.job_pace = JobPace()
        self.keep = False  # the folders of ended jobs, for a look
        self.operations: dict[str, Operation] = {}  # "service:Operation"
        self.calls: Counter[str] = Counter()  # "service:Operation", since the last reset
        self._resets: list[Callable[[], None]] = []
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(
            "127.0.0.1", port, self._answer, threaded=True, request_handler=_QuietHandler
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._no_settings.write_text("")
        self._thread.start()
        for part in PARTS:
            importlib.import_module(part).install(self)
        self.reset()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_all()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The address of every service."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that send AWS's clients here, and nowhere else."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "loopback",
            "AWS_SECRET_ACCESS_KEY": "loopback",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            # A real, empty file: DVC does not start where this is a device.
            "AWS_CONFIG_FILE": str(self._no_settings),
            "AWS_SHARED_CREDENTIALS_FILE": str(self._no_settings),
            "AWS_EC2_METADATA_DISABLED": "true",
            "SAGEMAKER_VALIDATE_ROLE": "false",
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of this server, whatever the environment says."""
        if service not in self._clients:
            self._clients[service] = self.boto.client(service, endpoint_url=self.url)
        return self._clients[service]

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}

    @cached_property
    def boto(self) -> Any:
        """A boto3 session with the credentials of this server (not its address)."""
        import boto3

        return boto3.Session("loopback", "loopback", region_name=REGION)

    def at_reset(self, end: Callable[[], None]) -> None:
        """Call `end` before each reset and at the end: it must leave no process behind."""
        self._resets.append(end)

    def _end_all(self) -> None:
        for end in self._resets:
            end()

    def reset(self) -> None:
        """A new account: no job, no object, no fault; the bucket and the role are there."""
        from moto.moto_api._internal.models import moto_api_backend

        self._end_all()
        self.faults.reset()
        self.job_pace = JobPace()
        moto_api_backend.reset()
        self.client("s3").create_bucket(Bucket=BUCKET)
        service = {"Service": "sagemaker.amazonaws.com"}
        may = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
        trust = {"Version": "2012-10-17", "Statement": [may]}
        iam = self.client("iam")
        iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(trust))
        self.calls.clear()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        call = read_call(environ, self._moto)
        name = f"{call.service}:{call.operation}"
        self.calls[name] += 1
        try:
            self.faults.strike(call)
            if call.service == "sagemaker" and call.is_json:
                check(call)
            if name not in self.operations:
                return self._moto(environ, start_response)
            answer = self.operations[name](call)
            response = answer if isinstance(answer, Response) else json_response(answer)
        except Refusal as refusal:
            response = refusal.response(call.service)
            response.headers["Connection"] = "close"  # the request's body may be unread
        except ServiceException as error:  # moto's own refusal, of an operation of ours
            response = Refusal(error.code, error.message).response(call.service)
        except NotImplementedError as error:
            told = Refusal("UnknownOperationException", f"the loopback lacks {name}: {error}")
            response = told.response(call.service)
        return response(environ, start_response)


def check(call: Call) -> None:
    """Refuse what AWS's own description of the operation refuses: enums, patterns, limits."""
    if errors := validate(call.service, call.operation, call.request):
        told = f"{len(errors)} validation errors detected: {'; '.join(errors)}"
        raise Refusal("ValidationException", told)
