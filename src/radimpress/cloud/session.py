"""The way into AWS: one session whose clients are made alike.

boto3 is imported here only, inside functions: the rest of radimpress starts without it.
"""

import os
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection
from threading import RLock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from radimpress.cloud.refusals import spoken
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    import boto3

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL"  # AWS's own variable: all services at one address
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONNECT_S, READ_S = 10, 60
ATTEMPTS = 8  # of one call, by botocore itself
CONNECTIONS = 10  # kept open by one client: botocore's own number
OWNER = "ExpectedBucketOwner"


@dataclass(frozen=True)
class Session:
    """An account and region, and the clients to talk to it."""

    cloud: Cloud
    region: str
    endpoint_url: str | None = None
    named_account: str | None = None  # to speak of an account without asking who we are
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    _turn: Any = field(default_factory=RLock, repr=False, compare=False)  # boto3 makes one at once

    @property
    def is_loopback(self) -> bool:
        """Whether this is a rehearsal on this machine, which costs nothing."""
        host = urlsplit(self.endpoint_url or "").hostname
        return host in LOOPBACK

    @property
    def partition(self) -> str:
        """AWS's world of the region, as ARNs name it."""
        return partition_of(self.region)

    @cached_property
    def boto(self) -> "boto3.Session":
        """The boto3 session of the profile and region."""
        import boto3
        from botocore.exceptions import ProfileNotFound

        try:
            boto = boto3.Session(profile_name=self.cloud.profile, region_name=self.region)
        except ProfileNotFound as error:
            raise next_step(f"{error}", "run `aws configure list-profiles`") from error
        self.guard_bucket(boto)
        return boto

    def client(
        self,
        service: str,
        read_s: float = READ_S,
        attempts: int = ATTEMPTS,
        connections: int = CONNECTIONS,
    ) -> Any:
        """The client of `service`, made once: TLS (but for a loopback), timeouts, retries.

        Safe to call, and the client to use, from several threads. `connections` should be no fewer
        than the threads that use it. Raises RadimpressError for an address without TLS.
        """
        key = f"{service} {read_s} {attempts} {connections}"
        with self._turn:
            if key not in self._clients:
                self._clients[key] = self._made(service, read_s, attempts, connections)
            return self._clients[key]

    def _made(self, service: str, read_s: float, attempts: int, connections: int) -> Any:
        from botocore.config import Config as BotoConfig

        settings = BotoConfig(
            connect_timeout=CONNECT_S,
            read_timeout=read_s,
            retries={
                "mode": "adaptive" if attempts > 1 else "standard",
                "total_max_attempts": attempts,
            },
            max_pool_connections=connections,
            user_agent_extra="radimpress",
            s3={"addressing_style": "path"} if self.is_loopback else None,
        )
        client = self.boto.client(service, endpoint_url=self.endpoint_url, config=settings)
        # AWS_ENDPOINT_URL_S3 and the profile's endpoint_url get here without open_session.
        _refuse_plain_http(client.meta.endpoint_url, f"the address of {service}")
        if self.is_loopback:
            client.meta.events.register("before-send", _refuse_ended_loopback)
        return client

    def guard_bucket(self, boto: "boto3.Session") -> None:
        """Let every S3 client and resource that `boto` makes from now on name our bucket's owner.

        For a session that is handed to another library too.
        """
        boto.events.register("provide-client-params.s3", self._name_owner)

    def _name_owner(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        """Let S3 refuse our bucket's name where the bucket is somebody else's.

        The default name can be guessed: who makes that bucket first would be sent our reports.
        """
        if params.get("Bucket") == self.bucket and OWNER in model.input_shape.members:
            params.setdefault(OWNER, self.account)

    @cached_property
    def account(self) -> str:
        """The 12 digits of the account. Raises RadimpressError without valid credentials."""
        if self.named_account:
            return self.named_account
        with spoken("who am I"):
            return str(self.client("sts").get_caller_identity()["Account"])

    @cached_property
    def role_arn(self) -> str:
        """The role that jobs and endpoints run under."""
        named = self.cloud.role_arn or os.environ.get("RADIMPRESS_ROLE_ARN")
        return (
            named or f"arn:{self.partition}:iam::{self.account}:role/{self.cloud.project}-execution"
        )

    @cached_property
    def bucket(self) -> str:
        """The S3 bucket that holds everything of this project."""
        named = self.cloud.bucket or os.environ.get("RADIMPRESS_BUCKET")
        return named or self.own_bucket

    @property
    def own_bucket(self) -> str:
        """The name of the bucket where none is configured."""
        return f"{self.cloud.project}-{self.account}-{self.region}"


def open_session(cloud: Cloud) -> Session:
    """The session that `cloud` and the environment name; nothing is asked of AWS yet.

    Raises RadimpressError without a region, and for a plain-HTTP endpoint that is not this machine.
    """
    import boto3

    os.environ.setdefault("AWS_EC2_METADATA_SERVICE_NUM_ATTEMPTS", "1")
    found = cloud.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    region = found or _profile_region(boto3, cloud.profile)
    if not region:
        raise next_step("no AWS region is set", "export AWS_REGION=us-east-1, or set cloud.region")
    url = os.environ.get(ENDPOINT_VARIABLE) or None
    _refuse_plain_http(url or "", ENDPOINT_VARIABLE)
    return Session(cloud, region, url)


def partition_of(region: str) -> str:
    """AWS's world of `region`: aws, aws-cn or aws-us-gov."""
    if region.startswith("cn-"):
        return "aws-cn"
    return "aws-us-gov" if region.startswith("us-gov-") else "aws"


def _refuse_plain_http(url: str, what: str) -> None:
    split = urlsplit(url)
    if url and split.scheme != "https" and split.hostname not in LOOPBACK:
        raise next_step(f"{what} is {url}, which is not encrypted", "use an https address")


def _refuse_ended_loopback(request: Any, **_: Any) -> None:
    """Say at once that nobody listens: botocore would ask a port of this machine for minutes."""
    from botocore.exceptions import EndpointConnectionError

    address = urlsplit(request.url)
    try:
        probe = HTTPConnection(address.hostname or "", address.port or 80, timeout=CONNECT_S)
        probe.connect()
        probe.close()
    except ConnectionRefusedError as error:
        raise next_step(
            f"nobody listens at {address.scheme}://{address.netloc}, where {ENDPOINT_VARIABLE} "
            "points",
            f"start `make loopback`, or unset {ENDPOINT_VARIABLE}",
        ) from EndpointConnectionError(endpoint_url=request.url, error=error)
    except OSError:
        pass  # the request itself will tell


def _profile_region(boto3: Any, profile: str | None) -> str | None:
    from botocore.exceptions import ProfileNotFound

    try:
        region = boto3.Session(profile_name=profile).region_name
    except ProfileNotFound as error:
        raise next_step(f"{error}", "run `aws configure list-profiles`") from error
    return str(region) if region else None
