"""Reads a request's body, with an end to its size and to its patience."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import Headers

from radimpress.serving.refusals import Code, Refusal

Receive = Callable[[], Awaitable[Any]]


async def read_body(headers: Headers, receive: Receive, most: int, seconds: float) -> bytes:
    """The whole body. Raises Refusal: 413 above `most` bytes, 408 after `seconds`, 499 if gone."""
    declared = headers.get("content-length", "")
    if declared.isdigit() and (len(declared) > 18 or int(declared) > most):
        raise _too_large(most)
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, most)
    except TimeoutError:
        problem = f"the body did not arrive within {seconds:g} s"
        step = "send the whole request at once"
        raise Refusal(
            408, Code.body_timeout, problem, step, headers={"Connection": "close"}
        ) from None


async def _read(receive: Receive, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refusal(499, Code.client_gone, "the client has gone", "send the request again")
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most:
            raise _too_large(most)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large(most: int) -> Refusal:
    problem = f"the body is larger than {most} bytes"
    return Refusal(413, Code.too_large, problem, "send fewer reports in one request")
