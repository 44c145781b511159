"""What holds for everything that radimpress does in AWS."""

import ast
from pathlib import Path

import pytest

from radimpress.cloud.account.bucket import BLOCKED
from radimpress.cloud.session import open_session
from radimpress.cloud.tags import tags
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError

CALLS_THAT_OPEN = {"put_bucket_acl", "put_object_acl", "delete_public_access_block"}


def sources(root: Path) -> list[tuple[str, str]]:
    folder = root / "src/radimpress"
    return [(p.as_posix(), p.read_text(encoding="utf-8")) for p in sorted(folder.rglob("*.py"))]


def test_nothing_is_ever_made_public(root: Path) -> None:
    assert set(BLOCKED.values()) == {True}
    for path, text in sources(root):
        assert "public-read" not in text, path
        assert not CALLS_THAT_OPEN & set(_methods(text)), path


def test_plain_http_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://10.0.0.7:5000")
    with pytest.raises(RadimpressError, match="not encrypted"):
        open_session(Cloud())
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    session = open_session(Cloud())
    for service in ("s3", "sagemaker", "sts", "logs"):
        client = session.client(service)
        assert client.meta.endpoint_url.startswith("https://")
        assert client.meta.config.s3 is None or client.meta.endpoint_url.startswith("https://")


def test_certificates_are_never_waved_through(root: Path) -> None:
    for path, text in sources(root):
        if "/cloud/" in path:
            assert "verify=False" not in text.replace(" ", ""), path
            assert "use_ssl=False" not in text.replace(" ", ""), path


def test_the_telemetry_of_the_sdk_is_off(root: Path) -> None:
    """Every module that builds something of sagemaker.train says so."""
    users = [path for path, text in sources(root) if "from sagemaker.train" in text]
    quiet = [path for path, text in sources(root) if _opts_out(text)]
    assert users
    assert set(users) <= set(quiet)


def test_tags_are_the_configurations_and_ours_alone() -> None:
    made = {t["Key"]: t["Value"] for t in tags(Cloud(tags={"team": "chest"}), "model")}
    assert made == {
        "radimpress:project": "radimpress",
        "radimpress:kind": "model",
        "team": "chest",
    }


def test_no_report_is_near_the_code_that_names_and_tags(root: Path) -> None:
    """Names and tags are made where no report can be read."""
    for name in ("tags", "endpoints/config", "jobs/request", "jobs/identity", "endpoints/parts"):
        path = root / f"src/radimpress/cloud/{name}.py"
        imported = _imports(path.read_text(encoding="utf-8"))
        assert not [m for m in imported if m.startswith("radimpress.corpus")], name


def _opts_out(text: str) -> bool:
    """Whether a module says it itself, or takes the session that does."""
    return "TelemetryOptOut" in text or "import request_of, sdk_session" in text


def _methods(text: str) -> list[str]:
    return [
        node.func.attr
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]


def _imports(text: str) -> list[str]:
    return [
        node.module or "" for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)
    ]
