import asyncio
import json
import threading
import time

import pytest

from radimpress.config.serving import Serving
from radimpress.runtime.errors import RadimpressError
from radimpress.serving.service import Service

ASK = {"findings": "Cough. No effusion."}


def test_a_server_without_a_model_yet_says_so(with_server, source_of, served):
    async def scenario(client, service):
        model, service.model, service.health.loaded = service.model, None, False
        ping, asked = await client.get("/ping"), await client.post("/invocations", json=ASK)
        service.model = model
        return ping, asked

    ping, asked = with_server(scenario)
    assert (ping.status_code, ping.json()) == (503, {"status": "loading"})
    assert asked.status_code == 503
    assert asked.headers["retry-after"] == "1"
    assert asked.json()["error"]["code"] == "not_ready"


def test_a_first_model_that_fails_ends_the_start(source_of):
    async def main():
        service = Service(Serving(), source_of(v1=RadimpressError("damaged")))
        try:
            await service.start()
        finally:
            await service.stop()

    with pytest.raises(RadimpressError, match="damaged"):
        asyncio.run(main())


def test_no_request_is_lost_while_the_model_is_switched(with_server, served, source_of):
    source = source_of(v1=served(), v2=served(version="2"))

    async def scenario(client, service):
        answers, stop = [], False

        async def ask():
            while not stop:
                answers.append((await client.post("/invocations", json=ASK)).json())

        asking = [asyncio.create_task(ask()) for _ in range(4)]
        await asyncio.sleep(0.2)
        source.version = "2"
        await service.reloader.look()
        await asyncio.sleep(0.2)
        stop = True
        await asyncio.gather(*asking)
        return answers

    versions = [answer["model"]["version"] for answer in with_server(scenario, source=source)]
    assert set(versions) == {"1", "2"}
    assert versions == sorted(versions)


def test_ping_fails_with_the_model_and_recovers_with_it(with_server, served, monkeypatch, capsys):
    monkeypatch.setattr("radimpress.serving.health.RETRY_S", 0.02)
    broken = []

    def write(findings, decoding):
        if broken:
            raise ValueError("secret findings")
        return ["Fine."] * len(findings)

    async def scenario(client, service):
        before = (await client.get("/ping")).status_code
        broken.append(1)
        failed = await client.post("/invocations", json=ASK)
        during = await client.get("/ping")
        broken.clear()
        async with asyncio.timeout(10):
            while (await client.get("/ping")).status_code != 200:
                await asyncio.sleep(0.01)
        return before, failed, during, await client.post("/invocations", json=ASK)

    before, failed, during, after = with_server(scenario, model=served(write))
    assert before == 200
    assert failed.status_code == 500
    assert failed.json()["error"]["code"] == "generation_failed"
    assert (during.status_code, during.json()) == (503, {"status": "failing"})
    assert after.status_code == 200
    assert "secret" not in capsys.readouterr().err


def test_a_model_that_takes_too_long_is_a_504_and_then_a_bad_ping(with_server, served):
    release = threading.Event()

    def write(findings, decoding):
        if "slow" in findings[0]:
            release.wait(10)
        return ["Fine."] * len(findings)

    async def scenario(client, service):
        began = time.monotonic()
        late = await client.post("/invocations", json={"findings": "A slow one."})
        waited = time.monotonic() - began
        ping = await client.get("/ping")
        release.set()
        async with asyncio.timeout(10):
            while (await client.get("/ping")).status_code != 200:
                await asyncio.sleep(0.01)
        return late, waited, ping

    late, waited, ping = with_server(scenario, model=served(write), timeout_s=0.3)
    assert late.status_code == 504
    assert 0.25 < waited < 3
    assert late.json()["error"]["code"] == "timeout"
    assert (ping.status_code, ping.json()) == (503, {"status": "stuck"})


def test_draining_answers_what_was_accepted(with_server, served):
    release = threading.Event()

    def write(findings, decoding):
        if "slow" in findings[0]:
            release.wait(10)
        return ["Fine."] * len(findings)

    async def scenario(client, service):
        asking = asyncio.create_task(client.post("/invocations", json={"findings": "A slow one."}))
        while not service.traffic.open:
            await asyncio.sleep(0.01)
        draining = asyncio.create_task(service.drain(lambda: False))
        await asyncio.sleep(0.05)
        ping = await client.get("/ping")
        assert not draining.done()
        release.set()
        return ping, await asking, await draining

    ping, answer, drained = with_server(scenario, model=served(write))
    assert (ping.status_code, ping.json()) == (503, {"status": "draining"})
    assert ping.headers["connection"] == "close"
    assert answer.status_code == 200
    assert drained


def test_draining_ends_in_time_with_what_does_not_end(with_server, served):
    release = threading.Event()

    def write(findings, decoding):
        if "slow" in findings[0]:
            release.wait(10)
        return ["Fine."] * len(findings)

    async def scenario(client, service):
        asking = asyncio.create_task(client.post("/invocations", json={"findings": "A slow one."}))
        while not service.traffic.open:
            await asyncio.sleep(0.01)
        drained = await service.drain(lambda: False)
        release.set()
        await asking
        return drained

    assert with_server(scenario, model=served(write), drain_s=0.2) is False


def test_a_switch_is_logged_with_both_versions(with_server, served, source_of, capsys):
    source = source_of(v1=served(), v2=served(version="2"))

    async def scenario(client, service):
        source.version = "2"
        await service.reloader.look()

    with_server(scenario, source=source)
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(x["version"], x["before"]) for x in logged if x["event"] == "serving"] == [
        ("1", None),
        ("2", "1"),
    ]
