import io

import pytest

from radimpress.cloud.jobs import interruption
from radimpress.cloud.jobs.interruption import interrupted
from radimpress.config.job import OnInterrupt


@pytest.fixture
def stopped(monkeypatch):
    names = []
    monkeypatch.setattr(interruption, "stop", lambda _, name: names.append(name))
    return names


@pytest.fixture
def terminal(monkeypatch):
    """A person at a terminal, who types what `answer` says."""

    def answering(answer):
        person = type("Tty", (io.StringIO,), {"isatty": lambda _: True})
        monkeypatch.setattr("sys.stdin", person())
        monkeypatch.setattr("sys.stderr", person())

        def typed(*_):
            if isinstance(answer, BaseException):
                raise answer
            return answer

        monkeypatch.setattr("builtins.input", typed)

    return answering


def test_it_is_left_or_stopped_as_configured(stopped, capsys):
    interrupted(None, "job-1", OnInterrupt.leave)
    assert stopped == []
    assert "job-1 goes on; the same command attaches to it again" in capsys.readouterr().err
    interrupted(None, "job-1", OnInterrupt.stop)
    assert stopped == ["job-1"]


def test_without_a_terminal_nobody_is_asked_and_it_goes_on(stopped):
    interrupted(None, "job-1", OnInterrupt.ask)
    assert stopped == []


@pytest.mark.parametrize(
    ("answer", "ends"),
    [("s", True), ("Stop", True), ("l", False), ("", False), (EOFError(), False)],
)
def test_a_person_decides(stopped, terminal, answer, ends):
    terminal(answer)
    interrupted(None, "job-1", OnInterrupt.ask)
    assert (stopped == ["job-1"]) is ends


def test_a_second_ctrl_c_leaves_it(stopped, terminal):
    terminal(KeyboardInterrupt())
    interrupted(None, "job-1", OnInterrupt.ask)
    assert stopped == []


def test_stopping_what_has_ended_is_no_error(loopback, remote):
    from radimpress.cloud.session import open_session

    interruption.stop(open_session(remote.cloud), "radimpress-train-gone-1")
