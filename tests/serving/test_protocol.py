import asyncio
import json

import uvicorn
from uvicorn.server import ServerState

from radimpress.serving.protocol import PatientProtocol


async def fine(scope, receive, send):
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]}
    )
    await send({"type": "http.response.body", "body": b"fine"})


async def slow(scope, receive, send):
    await asyncio.sleep(0.4)
    await fine(scope, receive, send)


def talk(scenario, app=fine, patience_s=0.2):
    """Run scenario(reader, writer) on a connection to a server of the protocol."""

    async def main():
        config = uvicorn.Config(app, lifespan="off", log_config=None, ws="none")
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: PatientProtocol(patience_s, config=config, server_state=state, app_state={}),
            "127.0.0.1",
            0,
        )
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            async with asyncio.timeout(10):
                return await scenario(reader, writer)
        finally:
            writer.close()
            server.close()

    return asyncio.run(main())


REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def test_a_connection_that_says_nothing_is_closed():
    async def scenario(reader, writer):
        return await reader.read()

    assert talk(scenario) == b""


def test_a_head_that_trickles_is_closed():
    async def scenario(reader, writer):
        for letter in (b"G", b"E", b"T"):
            writer.write(letter)
            await asyncio.sleep(0.04)
        return await reader.read()

    assert talk(scenario) == b""


def test_an_answer_may_take_longer_than_the_head():
    async def scenario(reader, writer):
        writer.write(REQUEST)
        await reader.readuntil(b"\r\n\r\n")
        return await reader.readexactly(4)

    assert talk(scenario, app=slow) == b"fine"


def test_a_kept_connection_is_closed_when_its_next_head_trickles():
    async def scenario(reader, writer):
        for _ in range(2):
            writer.write(REQUEST)
            await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(4) == b"fine"
            await asyncio.sleep(0.15)
        writer.write(b"GET / HT")
        return await reader.read()

    assert talk(scenario) == b""


def test_what_is_no_http_is_refused_in_json():
    async def scenario(reader, writer):
        writer.write(b"no http at all\r\n\r\n")
        return await reader.read()

    head, _, body = talk(scenario).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/json" in head
    assert json.loads(body)["error"]["code"] == "bad_http"
