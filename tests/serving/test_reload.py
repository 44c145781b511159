import asyncio
import json

import pytest

from radimpress.runtime.errors import RadimpressError
from radimpress.serving.meters import Meters
from radimpress.serving.reload import Reloader
from radimpress.serving.workers import Worker


def run(source, scenario):
    async def main():
        switched = []
        reloader = Reloader(source, Worker("load"), Meters(), switched.append)
        await reloader.load_first()
        await scenario(reloader)
        return [model.identity.version for model in switched], reloader

    return asyncio.run(main())


def test_a_moved_alias_is_followed(served, source_of):
    source = source_of(v1=served(), v2=served(version="2"))

    async def scenario(reloader):
        await reloader.look()
        source.version = "2"
        await reloader.look()
        await reloader.look()

    versions, reloader = run(source, scenario)
    assert versions == ["1", "2"]
    assert source.loads == ["1", "2"]
    assert reloader.error is None


def test_a_version_that_fails_is_tried_once_and_the_old_one_stays(served, source_of, capsys):
    source = source_of(v1=served(), v2=RadimpressError("x is damaged; next: y"), v3=served("3"))

    async def scenario(reloader):
        source.version = "2"
        for _ in range(3):
            await reloader.look()
        assert reloader.error == "version 2 is not served: x is damaged; next: y"

    versions, _ = run(source, scenario)
    assert versions == ["1"]
    assert source.loads == ["1", "2"]
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in logged] == ["reload_refused"]
    assert logged[0]["version"] == "2"


def test_an_error_of_another_library_is_not_quoted(served, source_of, capsys):
    source = source_of(v1=served(), v2=ValueError("secret findings"))

    async def scenario(reloader):
        source.version = "2"
        await reloader.look()

    _, reloader = run(source, scenario)
    assert reloader.error == "version 2 is not served: ValueError"
    assert "secret" not in capsys.readouterr().err


def test_the_alias_moving_back_or_on_clears_the_error(served, source_of):
    source = source_of(v1=served(), v2=ValueError(), v3=served(version="3"))

    async def scenario(reloader):
        source.version = "2"
        await reloader.look()
        source.version = "1"
        await reloader.look()
        assert reloader.error is None
        source.version = "2"
        await reloader.look()
        source.version = "3"
        await reloader.look()

    versions, reloader = run(source, scenario)
    assert versions == ["1", "3"]
    assert source.loads == ["1", "2", "2", "3"]
    assert reloader.error is None


def test_a_silent_store_changes_nothing_and_is_logged_once(served, source_of, capsys):
    source = source_of(v1=served(), v2=served(version="2"))

    async def scenario(reloader):
        source.version = OSError("secret address")
        await reloader.look()
        await reloader.look()
        assert reloader.error is None
        source.version = "2"
        await reloader.look()

    versions, _ = run(source, scenario)
    assert versions == ["1", "2"]
    events = [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]
    assert events == ["registry_silent", "registry_answers"]


def test_a_first_model_that_does_not_load_is_the_callers_trouble(source_of):
    async def scenario(reloader):
        raise AssertionError

    with pytest.raises(RadimpressError, match="broken"):
        run(source_of(v1=RadimpressError("broken")), scenario)
