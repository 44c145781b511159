"""Batch transform, really run: the model's server in containers, objects of S3 through it."""

import gzip
import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopback import buckets
from loopback.call import Call, Refusal
from loopback.hosting import container_of
from loopback.jobs import Failed, Job, Jobs
from loopback.layout import manifest
from loopback.logs import LogStream
from loopback.model_data import NoModelData, fetch_model
from loopback.records import assemble, requests
from loopback.serving_container import Answer, ServingContainer

if TYPE_CHECKING:
    from loopback.server import Loopback

GROUP = "/aws/sagemaker/TransformJobs"
MEGABYTE = 2**20
MOST_INSTANCES = 2  # more are counted, and share these
ERRORS = (OSError, http.client.HTTPException)


@dataclass
class Way:
    """How requests are made: the job's settings, then the container's, then AWS's."""

    concurrent: int = 1
    many: bool = True
    most: int = 6 * MEGABYTE
    timeout_s: float = 600.0
    retries: int = 3
    headers: dict[str, str] = field(default_factory=dict)


class TransformJob(Job):
    """One CreateTransformJob."""

    noun, starts, ends = "TransformJob", "TransformStartTime", "TransformEndTime"

    def __init__(self, loop: "Loopback", call: Call, arn: str) -> None:
        super().__init__(loop, call, arn)
        self.model = dict(container_of(call, self.request["ModelName"]))
        self.servers: list[ServingContainer] = []
        processing = self.request.get("DataProcessing", {})
        if {processing.get(n, "$") for n in ("InputFilter", "OutputFilter")} != {"$"} or (
            processing.get("JoinSource", "None") != "None"
        ):
            raise Refusal("ValidationException", "the loopback lacks DataProcessing")

    def work(self) -> str:
        """Send every object; its last status."""
        prefix, keys = self._objects()
        number = min(self.request["TransformResources"]["InstanceCount"], MOST_INSTANCES)
        for instance in range(number):
            self._open(self.folder / str(instance), instance)
        way = self._way()
        with ThreadPoolExecutor(number) as pool:
            shares = [
                pool.submit(self._share, server, way, prefix, keys[place::number])
                for place, server in enumerate(self.servers)
            ]
        failed = [reason for share in shares for reason in share.result()]
        if self.stopping.is_set():
            return "Stopped"
        if failed:
            raise Failed(failed[0])
        return "Completed"

    def _objects(self) -> tuple[str, list[str]]:
        source = self.request["TransformInput"]["DataSource"]["S3DataSource"]
        uri: str = source["S3Uri"]
        if source["S3DataType"] == "ManifestFile":
            return manifest(uri)
        found = [key for key in buckets.keys(uri) if not key.endswith("/")]
        if not found:
            raise Failed(f"ClientError: No S3 objects found under S3 URL {uri!r}")
        return uri, found

    def _open(self, folder: Path, instance: int) -> None:
        try:
            fetch_model(self.model, folder / "ml" / "model")
        except NoModelData as error:
            raise Failed(f"ClientError: {error}") from error
        log = LogStream(self.region, GROUP, f"{self.name}/i-{instance:017x}")
        given = {"SAGEMAKER_BATCH": "true"} | dict(self.model.get("Environment") or {})
        server = ServingContainer(
            self.loop.hosting.images,
            self.model["Image"],
            given | self.request.get("Environment", {}),
            folder,
            self.loop.folder / "image",
            log.write,
        )
        self.servers.append(server)
        until = time.monotonic() + self.loop.job_pace.startup_s
        while not server.ping():
            if self.stopping.is_set():
                return
            if not server.lives or time.monotonic() > until:
                raise Failed("AlgorithmError: the container did not pass the ping health check")
            time.sleep(0.05)

    def _way(self) -> Way:
        """The settings, with what the container says at /execution-parameters."""
        said = _execution_parameters(self.servers[0].port)
        asked, client = self.request, self.request.get("ModelClientConfig", {})
        given, output = asked["TransformInput"], asked["TransformOutput"]
        many = asked.get("BatchStrategy", said.get("BatchStrategy", "MultiRecord"))
        headers = {"Content-Type": given.get("ContentType", "application/octet-stream")}
        if "Accept" in output:
            headers["Accept"] = output["Accept"]
        concurrent = asked.get("MaxConcurrentTransforms", said.get("MaxConcurrentTransforms", 1))
        megabytes = asked.get("MaxPayloadInMB", said.get("MaxPayloadInMB", 6))
        return Way(
            concurrent=int(concurrent) or 1,
            many=many.upper().replace("_", "") == "MULTIRECORD",
            most=int(megabytes) * MEGABYTE or 100 * MEGABYTE,
            timeout_s=float(client.get("InvocationsTimeoutInSeconds", 600)),
            retries=int(client.get("InvocationsMaxRetries", 3)),
            headers=headers,
        )

    def _share(self, server: ServingContainer, way: Way, prefix: str, keys: list[str]) -> list[str]:
        """One instance's objects; the reasons of those that failed."""
        bucket, failed = buckets.split(prefix)[0], []
        output = self.request["TransformOutput"]
        by_line = output.get("AssembleWith", "None") == "Line"
        for key in keys:
            if self.stopping.is_set():
                break
            content = buckets.read(f"s3://{bucket}/{key}")
            if self.request["TransformInput"].get("CompressionType") == "Gzip":
                content = gzip.decompress(content)
            try:
                answers = self._answers(server, way, content)
            except (Failed, ValueError) as error:
                failed.append(str(error) if isinstance(error, Failed) else f"ClientError: {error}")
                continue
            if not self.stopping.is_set():
                name = f"{buckets.relative(prefix, key)}.out"
                target = f"{output['S3OutputPath'].rstrip('/')}/{name}"
                buckets.write(target, assemble(answers, by_line))
        return failed

    def _answers(self, server: ServingContainer, way: Way, content: bytes) -> list[bytes]:
        split = self.request["TransformInput"].get("SplitType", "None")
        if split not in {"None", "Line"}:
            raise Failed(f"ClientError: the loopback lacks SplitType {split}")
        bodies = requests(content, split, way.many, way.most)

        def ask(body: bytes) -> bytes:
            return self._ask(lambda: server.ask(body, way.headers, way.timeout_s), way.retries)

        with ThreadPoolExecutor(way.concurrent) as pool:
            return list(pool.map(ask, bodies))

    def _ask(self, send: Callable[[], Answer], retries: int) -> bytes:
        """An answer; server errors and silence are repeated. Raises Failed."""
        for left in range(retries, -1, -1):
            if self.stopping.is_set():
                return b""
            try:
                answer = send()
            except ERRORS:
                told = "AlgorithmError: the model did not answer"
            else:
                if answer.status < 300:
                    return answer.body
                kind = "ClientError" if answer.status < 500 else "AlgorithmError"
                told = f"{kind}: See job logs for more information (status {answer.status})"
                if answer.status < 500:
                    raise Failed(told)
            if left:
                time.sleep(0.05)
        raise Failed(told)

    def clean(self) -> None:
        """End the servers."""
        for server in self.servers:
            server.end(0 if self.dead.is_set() else self.loop.job_pace.grace_s)


def _execution_parameters(port: int) -> dict[str, Any]:
    """What the container says of its requests; {} where it says nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/execution-parameters")
        response = connection.getresponse()
        return dict(json.loads(response.read())) if response.status == 200 else {}
    except (*ERRORS, ValueError):
        return {}
    finally:
        connection.close()


def install(loop: "Loopback") -> None:
    """Take the operations on transform jobs over."""
    Jobs(loop, TransformJob)
