"""The lines that a job has written to CloudWatch, in order, each of them once."""

from collections.abc import Iterator
from typing import Any

from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session

GROUP = "/aws/sagemaker/TrainingJobs"


class JobLog:
    """Reads on where it stopped. The streams are `<job>/algo-N-<time>`, one a host and start."""

    def __init__(self, session: Session, job: str) -> None:
        self._session, self._job = session, job
        self._tokens: dict[str, str | None] = {}  # stream -> where to read on

    def new_lines(self) -> Iterator[str]:
        """Everything written since the last call, stream by stream."""
        for stream in self._streams():
            yield from self._read(stream)

    def _streams(self) -> list[str]:
        client = self._session.client("logs")
        pages = client.get_paginator("describe_log_streams")
        asked = {"logGroupName": GROUP, "logStreamNamePrefix": f"{self._job}/"}
        with spoken("read the job's log"):
            try:
                found = [s for page in pages.paginate(**asked) for s in page["logStreams"]]
            except client.exceptions.ClientError as error:
                if error_code(error) == "ResourceNotFoundException":  # nothing was ever logged
                    return []
                raise
        return [one["logStreamName"] for one in sorted(found, key=_start)]

    def _read(self, stream: str) -> Iterator[str]:
        client = self._session.client("logs")
        while True:
            asked: dict[str, Any] = {"logGroupName": GROUP, "logStreamName": stream}
            if token := self._tokens.get(stream):
                asked["nextToken"] = token
            with spoken("read the job's log"):
                page = client.get_log_events(startFromHead=True, **asked)
            yield from (event["message"] for event in page["events"])
            forward = page.get("nextForwardToken")
            if forward == token or not page["events"]:
                self._tokens[stream] = forward or token
                return
            self._tokens[stream] = forward


def _start(stream: dict[str, Any]) -> tuple[int, str]:
    return stream.get("creationTime", 0), stream["logStreamName"]
