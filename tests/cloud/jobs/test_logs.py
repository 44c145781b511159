import contextlib
import time

import pytest

from radimpress.cloud.jobs.logs import GROUP, JobLog
from radimpress.cloud.session import open_session
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def log(loopback):
    return JobLog(open_session(Cloud()), "job-1")


def write(loopback, stream, *lines):
    logs = loopback.client("logs")
    for make in (
        lambda: logs.create_log_group(logGroupName=GROUP),
        lambda: logs.create_log_stream(logGroupName=GROUP, logStreamName=stream),
    ):
        with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
            make()
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line} for line in lines]
    logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def test_before_the_first_line_there_is_nothing(log):
    assert list(log.new_lines()) == []


def test_each_line_comes_once_and_in_order(log, loopback):
    write(loopback, "job-1/algo-1-1", *[f"line {n}" for n in range(150)])
    assert list(log.new_lines()) == [f"line {n}" for n in range(150)]
    assert list(log.new_lines()) == []
    write(loopback, "job-1/algo-1-1", "one more")
    assert list(log.new_lines()) == ["one more"]


def test_streams_of_other_jobs_are_not_read(log, loopback):
    write(loopback, "job-11/algo-1-1", "not mine")
    write(loopback, "job-1/algo-2-1", "second host")
    assert list(log.new_lines()) == ["second host"]


def test_a_refusal_is_one_line(log, loopback):
    loopback.faults.refuse("DescribeLogStreams", "AccessDeniedException", "no")
    with pytest.raises(RadimpressError, match="radimpress cloud policy"):
        list(log.new_lines())
