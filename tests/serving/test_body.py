import asyncio

import pytest
from starlette.datastructures import Headers

from radimpress.serving.body import read_body
from radimpress.serving.refusals import Code, Refusal


def part(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


def read(*messages, headers=None, most=10, seconds=1.0):
    given = iter(messages)

    async def receive():
        try:
            return next(given)
        except StopIteration:
            await asyncio.sleep(60)

    return asyncio.run(read_body(Headers(headers or {}), receive, most, seconds))


def test_parts_are_joined():
    assert read(part(b"abc", True), part(b"", True), part(b"de")) == b"abcde"


@pytest.mark.parametrize("length", ["11", "9" * 40])
def test_a_declared_length_above_the_limit_is_refused_unread(length):
    with pytest.raises(Refusal) as caught:
        read(headers={"content-length": length})
    assert (caught.value.status, caught.value.code) == (413, Code.too_large)


def test_chunks_above_the_limit_are_refused_without_a_declared_length():
    with pytest.raises(Refusal) as caught:
        read(part(b"123456", True), part(b"123456", True))
    assert caught.value.status == 413


def test_exactly_the_limit_is_read():
    assert read(part(b"1234567890"), headers={"content-length": "10"}) == b"1234567890"


def test_a_body_that_trickles_is_given_up():
    with pytest.raises(Refusal) as caught:
        read(part(b"1", True), seconds=0.05)
    assert (caught.value.status, caught.value.code) == (408, Code.body_timeout)
    assert caught.value.headers["Connection"] == "close"


def test_a_client_that_leaves_is_noticed():
    with pytest.raises(Refusal) as caught:
        read(part(b"1", True), {"type": "http.disconnect"})
    assert caught.value.status == 499
