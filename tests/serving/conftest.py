"""A stand-in for the model, and an app around it that tests can ask without a socket."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from radimpress.config.serving import Serving
from radimpress.corpus.report import Prediction
from radimpress.modeling.recipe import Decoding
from radimpress.serving.app import create_app
from radimpress.serving.guard import Guard
from radimpress.serving.served_model import Facts, Identity, ServedModel
from radimpress.serving.service import Service

Summarize = Callable[[Sequence[str], Decoding], list[str]]


def echo(findings: Sequence[str], decoding: Decoding) -> list[str]:
    """The last sentence of the findings."""
    return [text.rstrip(".").rsplit(". ", 1)[-1] + "." for text in findings]


class StandIn:
    """What ServedModel needs of a Summarizer; `calls` keeps the batches and their decodings."""

    def __init__(self, summarize: Summarize = echo) -> None:
        self.recipe = SimpleNamespace(decoding=Decoding(max_new_tokens=32), fingerprint="f" * 64)
        self.calls: list[tuple[list[str], Decoding]] = []
        self._summarize = summarize

    def summarize(
        self, findings: Sequence[str], background: Sequence[str], decoding: Decoding
    ) -> list[Prediction]:
        self.calls.append((list(findings), decoding))
        written = self._summarize(findings, decoding)
        return [Prediction(str(i), text, False, False) for i, text in enumerate(written)]


def _served(
    summarize: Summarize = echo, version: str = "1", facts: Facts | None = None
) -> ServedModel:
    return ServedModel(
        identity=Identity("radimpress", version, "f" * 64, "a" * 64),
        facts=facts or Facts(),
        engine="transformers",
        loaded_at="2026-11-23T12:00:00+00:00",
        summarizer=StandIn(summarize),  # type: ignore[arg-type]
    )


class StandInSource:
    """A source whose version moves when a test says so; versions may be errors."""

    follows = True

    def __init__(self, **models: ServedModel | Exception) -> None:
        self.models = {name.removeprefix("v"): model for name, model in models.items()}
        self.version: str | Exception = next(iter(self.models))
        self.loads: list[str] = []

    def find(self) -> str:
        if isinstance(self.version, Exception):
            raise self.version
        return self.version

    def load(self, version: str) -> ServedModel:
        self.loads.append(version)
        model = self.models[version]
        if isinstance(model, Exception):
            raise model
        return model


@pytest.fixture
def served() -> Callable[..., ServedModel]:
    """Makes a loaded model from a function of findings and decoding."""
    return _served


@pytest.fixture
def source_of() -> Callable[..., StandInSource]:
    """Makes a source from models by version: `source_of(v1=model, v2=error)`."""
    return StandInSource


Scenario = Callable[[httpx.AsyncClient, Service], Awaitable[Any]]


@pytest.fixture
def with_server() -> Callable[..., Any]:
    """Runs an async scenario(client, service) against a started service; returns its result."""

    def run(
        scenario: Scenario,
        model: ServedModel | None = None,
        source: StandInSource | None = None,
        token: str = "",
        host: str = "127.0.0.1",
        **settings: Any,
    ) -> Any:
        async def main() -> Any:
            limits = replace(Serving(), **settings)
            service = Service(limits, source or StandInSource(v1=model or _served()))
            transport = httpx.ASGITransport(create_app(service, Guard(host, token)))
            address = "http://127.0.0.1:8080"
            async with httpx.AsyncClient(transport=transport, base_url=address) as client:
                await service.start()
                try:
                    return await scenario(client, service)
                finally:
                    await service.stop()

        return asyncio.run(main())

    return run
