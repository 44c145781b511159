import sys
from importlib.metadata import version

import pytest

from radimpress.cloud.jobs import requirements
from radimpress.cloud.jobs.requirements import RequirementsError, install_missing, unmet

HERE = f"transformers=={version('transformers')}"


def test_what_is_there_is_not_asked_for():
    assert list(unmet([HERE])) == []


def test_what_is_missing_or_of_another_release_is_asked_for():
    pins = ["no-such-thing==1.0", "transformers==4.49.0", "rich==1.0.0"]
    assert list(unmet(pins)) == pins


def test_where_the_version_decides_nothing_another_minor_will_do():
    major = version("rich").split(".")[0]
    assert list(unmet([f"rich=={major}.999.0"])) == []


def test_pins_of_other_pythons_do_not_count():
    before = "no-such-thing==1 ; python_full_version < '3.2'"
    after = "no-such-thing==2 ; python_full_version >= '3.2'"
    assert list(unmet([before, after])) == [after]
    assert list(unmet(["no-such-thing==1 ; sys_platform == 'win32'"])) == []


@pytest.fixture
def code(tmp_path):
    (tmp_path / "requirements.txt").write_text(f"{HERE}\nno-such-thing==1.0\n")
    (tmp_path / "constraints.txt").write_text("")
    return tmp_path


def test_without_a_network_what_is_missing_is_named(code):
    with pytest.raises(RequirementsError, match="lacks no-such-thing, and cloud.network_isolation"):
        install_missing(code, isolated=True)


def test_only_what_is_missing_is_installed(code, monkeypatch):
    calls = []

    class Done:
        returncode = 0

    def run(command, check):
        calls.append(command)
        return Done()

    monkeypatch.setattr(requirements.subprocess, "run", run)
    install_missing(code, isolated=False)
    ((python, *_, last),) = calls
    assert (python, last) == (sys.executable, "no-such-thing==1.0")
    assert HERE not in calls[0]
    Done.returncode = 1
    with pytest.raises(RequirementsError, match="could not install no-such-thing"):
        install_missing(code, isolated=False)


def test_an_image_that_has_everything_needs_no_pip(code, monkeypatch):
    (code / "requirements.txt").write_text(f"{HERE}\n")
    monkeypatch.setattr(requirements.subprocess, "run", None)
    install_missing(code, isolated=True)
