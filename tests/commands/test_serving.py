import signal

import pytest
import typer

from radimpress.commands.serving import serve
from radimpress.config.serving import Engine
from radimpress.runtime.errors import RadimpressError
from radimpress.serving.sources import FolderSource, RegistrySource

PARAMS = """
data: {name: x, path: y}
model: {name: z, hub_id: a/b, revision: "0123456789012345678901234567890123456789"}
serving: {port: 9000, max_batch: 4}
"""


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What the server was started with, in an empty folder; the signal handler is put back."""
    calls = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RADIMPRESS_TOKEN", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("MKL_NUM_THREADS", "1")
    monkeypatch.setattr("radimpress.serving.logbook.log_json", lambda: None)
    monkeypatch.setattr(
        "radimpress.serving.server.run_server", lambda *given: calls.append(given) or 0
    )
    before = signal.getsignal(signal.SIGTERM)
    yield calls
    signal.signal(signal.SIGTERM, before)


def test_without_params_the_defaults_serve(started, tmp_path):
    with pytest.raises(typer.Exit) as ended:
        serve(model=str(tmp_path))
    assert ended.value.exit_code == 0
    ((settings, where, token),) = started
    assert isinstance(where, FolderSource)
    assert (settings.host, settings.port, settings.max_batch) == ("127.0.0.1", 8080, 32)
    assert token == ""


def test_params_are_the_defaults_of_the_options(started, tmp_path):
    (tmp_path / "params.yaml").write_text(PARAMS)
    with pytest.raises(typer.Exit):
        serve(port=9001, engine=Engine.transformers)
    ((settings, where, _),) = started
    assert isinstance(where, RegistrySource)
    assert (settings.port, settings.max_batch) == (9001, 4)
    assert settings.engine is Engine.transformers


def test_a_bad_option_is_refused_by_its_name(started):
    with pytest.raises(RadimpressError, match=r"serving\.port: is 70000"):
        serve(port=70000)
    assert started == []


def test_an_open_address_without_a_token_is_warned_of(started, monkeypatch, capsys):
    with pytest.raises(typer.Exit):
        serve(model="m", host="10.0.0.7")
    assert "warning: 10.0.0.7 can be reached by others" in capsys.readouterr().err
    monkeypatch.setenv("RADIMPRESS_TOKEN", " open-sesame\n")
    with pytest.raises(typer.Exit):
        serve(model="m", host="10.0.0.7")
    assert capsys.readouterr().err == ""
    assert started[-1][2] == "open-sesame"


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_token_that_did_not_arrive_does_not_open_the_server(started, monkeypatch, blank):
    monkeypatch.setenv("RADIMPRESS_TOKEN", blank)
    with pytest.raises(RadimpressError, match="RADIMPRESS_TOKEN is set and empty"):
        serve(model="models/finetuned")
    assert started == []
