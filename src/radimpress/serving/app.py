"""The FastAPI app: routes, and what they answer."""

import asyncio
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from radimpress import __version__
from radimpress.serving.access_log import NOTE, Note
from radimpress.serving.answers import body
from radimpress.serving.body import read_body
from radimpress.serving.edge import Edge
from radimpress.serving.facts import INTENDED_USE
from radimpress.serving.guard import PAGE, Guard
from radimpress.serving.meters import MEDIA_TYPE
from radimpress.serving.openapi import ANSWERS, REQUEST
from radimpress.serving.page_files import INDEX, page_files
from radimpress.serving.refusals import Code, Refusal
from radimpress.serving.requests import is_jsonl, read_asked
from radimpress.serving.service import Service


def create_app(service: Service, guard: Guard) -> FastAPI:
    """The app of one service. No pages of FastAPI's: they would fetch scripts from outside."""
    app = FastAPI(
        title="radimpress",
        version=__version__,
        description=INTENDED_USE,
        docs_url=None,
        redoc_url=None,
    )
    app.add_exception_handler(HTTPException, _refused)
    app.add_middleware(
        Edge, guard=guard, meters=service.meters, health=service.health, traffic=service.traffic
    )
    _add_contract(app, service)
    _add_page(app, service)
    return app


def _add_contract(app: FastAPI, service: Service) -> None:
    """The SageMaker container contract, and what an operator watches."""

    @app.get("/ping", summary="Whether the model answers: 200, else 503")
    async def ping() -> Response:
        problem = service.problem()
        plain = {"status": problem or "ok"}
        return JSONResponse(plain, status_code=200 if problem is None else 503)

    @app.post(
        "/invocations",
        summary="Impressions for findings",
        openapi_extra={"requestBody": REQUEST},
        responses=ANSWERS,
    )
    async def invocations(request: Request) -> Response:
        note: Note = request.scope[NOTE]
        limits = service.settings
        deadline = asyncio.get_running_loop().time() + limits.timeout_s
        headers = request.headers
        as_lines = is_jsonl(
            headers.get("content-type", ""), headers.get("content-encoding", "").lower()
        )
        received = await read_body(
            headers, request.receive, limits.max_body_bytes, limits.timeout_s
        )
        note.bytes_in = len(received)
        asked = read_asked(received, as_lines, limits)
        note.reports = len(asked.asks)
        answers = await service.summarize(asked, deadline, request.receive)
        content, media_type = body(asked.shape, answers)
        return Response(content, media_type=media_type)

    @app.get("/metrics", summary="Prometheus metrics")
    async def metrics() -> Response:
        return Response(service.meters.text(), headers={"content-type": MEDIA_TYPE})


def _add_page(app: FastAPI, service: Service) -> None:
    """The page and what it asks."""
    files = page_files()

    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return _file(INDEX)

    @app.get(PAGE + "{name}", include_in_schema=False)
    async def page_file(name: str) -> Response:
        return _file(name)

    def _file(name: str) -> Response:
        if name not in files:
            raise _missing()
        return Response(files[name].content, media_type=files[name].media_type)

    @app.get("/model", summary="Which model answers, and how well it did")
    async def model() -> Response:
        return JSONResponse(_described(service))

    @app.get("/examples", summary="Findings to try, of a public corpus")
    async def examples() -> Response:
        return JSONResponse([asdict(each) for each in service.current().facts.examples])


def _described(service: Service) -> dict[str, Any]:
    served = service.current()
    facts = served.facts
    return {
        **asdict(served.identity),
        "loaded_at": served.loaded_at,
        "engine": served.engine,
        "scores": {name: asdict(score) for name, score in facts.scores.items()},
        "trained_on": facts.trained_on,
        "access": facts.access,
        "intended_use": INTENDED_USE,
        "card": facts.card,
        "reload_error": service.reloader.error,
    }


async def _refused(_: Request, error: Exception) -> Response:
    """FastAPI's own refusals (no such route, no such method) in our words."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    if status == 405:
        allowed = headers.get("Allow", headers.get("allow", ""))
        raise Refusal(
            405,
            Code.method_not_allowed,
            "the method is not allowed here",
            f"use {allowed or 'another'}",
            headers=headers,
        )
    raise _missing()


def _missing() -> Refusal:
    step = "routes: /ping, /invocations, /model, /examples, /metrics, /openapi.json, /"
    return Refusal(404, Code.not_found, "there is no such route", step)
