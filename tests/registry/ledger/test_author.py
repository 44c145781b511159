import subprocess

import pytest

from radimpress.registry.ledger.author import author


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """A folder whose git knows nobody."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.delenv("RADIMPRESS_USER", raising=False)


def test_the_variable_wins(monkeypatch):
    monkeypatch.setenv("RADIMPRESS_USER", "ci on main")
    assert author() == "ci on main"


def test_git_knows_the_name():
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "config", "user.name", "Ann Onym"], check=True)
    assert author() == "Ann Onym"


def test_else_it_is_the_login_and_the_machine(monkeypatch):
    monkeypatch.setattr("socket.gethostname", lambda: "box")
    monkeypatch.setenv("LOGNAME", "ann")
    assert author() == "ann@box"


def test_a_user_without_a_name_has_a_number(monkeypatch):
    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    monkeypatch.setattr("os.getuid", lambda: 10001)
    monkeypatch.setattr("socket.gethostname", lambda: "pod")
    assert author() == "uid10001@pod"
