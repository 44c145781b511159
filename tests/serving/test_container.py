import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib

import pytest
from packaging.specifiers import SpecifierSet

from radimpress.runtime.errors import RadimpressError
from radimpress.serving import container
from radimpress.serving.container import main, settings


def test_without_a_variable_it_is_what_sagemaker_expects():
    found = settings({}, cpus=3)
    assert (found.model, found.host, found.port) == ("/opt/ml/model", "0.0.0.0", 8080)  # noqa: S104
    assert (found.threads, found.reload_s) == (3, 0)


def test_variables_change_it_and_nonsense_is_refused():
    given = {"RADIMPRESS_THREADS": "1", "RADIMPRESS_TIMEOUT_S": "55", "SAGEMAKER_BIND_TO_PORT": "9"}
    found = settings(given, cpus=3)
    assert (found.threads, found.timeout_s, found.port) == (1, 55.0, 9)
    with pytest.raises(RadimpressError, match="RADIMPRESS_THREADS is 'many', expected a number"):
        settings({"RADIMPRESS_THREADS": "many"}, cpus=3)


def test_other_words_are_a_command(monkeypatch):
    started = []
    monkeypatch.setattr(container.os, "execvp", lambda *given: started.append(given) or sys.exit())
    with pytest.raises(SystemExit):
        main(["package", "--help"])
    assert started == [("radimpress", ["radimpress", "package", "--help"])]


def test_a_model_that_is_not_there_is_one_line(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("RADIMPRESS_MODEL", str(tmp_path / "none"))
    monkeypatch.setenv("RADIMPRESS_HOST", "127.0.0.1")
    monkeypatch.setenv("SAGEMAKER_BIND_TO_PORT", "0")
    assert main(["serve"]) == 1
    assert "none is missing; next: name a model folder" in capsys.readouterr().err


@pytest.mark.slow
def test_the_entry_point_of_the_dockerfile_answers_and_ends(root, model_folder, tmp_path):
    line = next(
        text for text in (root / "Dockerfile").read_text().splitlines() if text.startswith("ENTRY")
    )
    words = json.loads(line.partition(" ")[2])
    assert words[0] == "python"
    port = 18000 + os.getpid() % 2000
    process = subprocess.Popen(
        [sys.executable, *words[1:], "serve"],
        cwd=tmp_path,
        env={
            **os.environ,
            "RADIMPRESS_MODEL": str(model_folder),
            "RADIMPRESS_HOST": "127.0.0.1",
            "SAGEMAKER_BIND_TO_PORT": str(port),
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        answer = asked(port, "GET", "/ping", None)
        assert answer == {"status": "ok"}
        said = asked(port, "POST", "/invocations", {"findings": "The lungs are clear."})
        assert said["impression"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()


def pins(root):
    """The versions of constraints.txt, by name."""
    lines = (root / "constraints.txt").read_text().splitlines()
    found = [re.match(r"([\w.-]+)==([^\s;]+)", line) for line in lines]
    return {pin[1]: pin[2] for pin in found if pin}


def test_the_image_has_the_python_that_the_versions_were_resolved_for(root):
    dockerfile = (root / "Dockerfile").read_text()
    wanted = re.search(r"--python-version (\S+)", (root / "constraints.txt").read_text())[1]
    assert re.search(r"^ARG BASE=python:(\S+)-slim$", dockerfile, re.MULTILINE)[1] == wanted
    assert re.search(r"uv venv --python (\S+)", dockerfile)[1] == wanted
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    assert SpecifierSet(project["requires-python"]).contains(wanted)


def test_the_image_installs_from_constraints_and_names_no_other_version(root):
    dockerfile = (root / "Dockerfile").read_text()
    assert "--constraints constraints.txt ." in dockerfile
    assert "COPY --from=" not in dockerfile
    ((name, version),) = re.findall(r"([\w-]+)==([\w.]+)", dockerfile)
    range_ = re.search(r"'uv(\S+)'", (root / "Makefile").read_text())[1]
    assert (name, SpecifierSet(range_).contains(version)) == ("uv", True)


@pytest.mark.parametrize("file", ["Dockerfile", "docs/endpoints.md"])
def test_the_cuda_of_the_image_is_the_one_that_is_pinned(root, file):
    major, minor, _ = pins(root)["nvidia-cuda-runtime"].split(".")
    named = set(re.findall(r"\bcu\d+\b", (root / file).read_text()))
    assert named == {f"cu{major}{minor}"}


def asked(port, method, path, plain):
    until = time.monotonic() + 60
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            body = json.dumps(plain) if plain else None
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            if answer.status == 200:
                return json.loads(answer.read())
        except OSError:
            pass
        finally:
            connection.close()
        assert time.monotonic() < until
        time.sleep(0.2)
