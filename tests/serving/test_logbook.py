import json
import logging

import pytest

from radimpress.serving.logbook import log, log_json, tell


def test_a_line_is_json_with_time_and_event(capsys):
    log("serving", version="3")
    plain = json.loads(capsys.readouterr().err)
    assert plain.pop("time").endswith("+00:00")
    assert plain == {"event": "serving", "version": "3"}


@pytest.mark.parametrize(("watched", "said"), [(True, "here\n"), (False, "")])
def test_a_person_is_told_only_where_one_is_watching(capsys, monkeypatch, watched, said):
    monkeypatch.setattr("sys.stderr.isatty", lambda: watched)
    tell("here")
    assert capsys.readouterr().err == said


@pytest.fixture
def _root_handlers():
    before = logging.root.handlers
    yield
    logging.root.handlers = before


@pytest.mark.usefixtures("_root_handlers")
def test_only_our_own_loggers_say_what_they_say(capsys):
    log_json()
    logging.getLogger("radimpress.modeling.engine").warning(
        "transformers is loaded for %s", "beams"
    )
    logging.getLogger("some.library").warning("The patient has a secret effusion")
    ours, theirs = map(json.loads, capsys.readouterr().err.splitlines())
    assert ours["about"] == "transformers is loaded for beams"
    assert theirs["about"] is None
    assert theirs["logger"] == "some.library"
