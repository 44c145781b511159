import json
import shutil
from pathlib import Path

import pytest

from radimpress.cloud.jobs.wheel import write_wheel
from radimpress.cloud.schedule import container


@pytest.fixture
def processing(tmp_path: Path) -> Path:
    """SageMaker's folders, with a stage program that reads one file and writes another."""
    root = tmp_path / "processing"
    (root / "code/pipelines").mkdir(parents=True)
    write_wheel(root / "code")
    (root / "code/requirements.txt").write_text("")
    (root / "code/pipelines/double.py").write_text(
        "import sys; from pathlib import Path\n"
        "text = Path('data/splits/one.txt').read_text()\n"
        "if text == 'bad': sys.exit('error: one.txt is bad; next: mend it')\n"
        "Path('reports').mkdir(); Path('reports/two.txt').write_text(text * 2)\n"
    )
    (root / "config").mkdir()
    (root / "config/params.yaml").write_text("seed: 17\n")
    (root / "input/split/data/splits").mkdir(parents=True)
    (root / "input/split/data/splits/one.txt").write_text("x")
    return root


def test_a_stage_finds_what_was_made_before_and_its_outs_are_kept(processing, tmp_path):
    assert container.main(processing, tmp_path / "message", "double", ["reports"]) == 0
    assert (processing / "output/reports/two.txt").read_text() == "xx"
    assert (processing / "work/params.yaml").read_text() == "seed: 17\n"
    assert not (tmp_path / "message").exists()


def test_a_failure_says_the_stages_own_reason(processing, tmp_path):
    (processing / "input/split/data/splits/one.txt").write_text("bad")
    assert container.main(processing, tmp_path / "message", "double", ["reports"]) == 1
    assert (tmp_path / "message").read_text() == "error: one.txt is bad; next: mend it"


@pytest.mark.parametrize(("status", "passed"), [(0, True), (1, False)])
def test_the_gates_verdict_is_a_file_and_no_failure(processing, monkeypatch, status, passed):
    said = "version 2 would be promoted" if passed else "version 2 is refused by score"
    monkeypatch.setattr(container, "run", lambda command, work: (status, said))
    assert container.main(processing, processing / "message", "gate", []) == 0
    verdict = json.loads((processing / "output/gate.json").read_text())
    assert verdict == {"passed": passed, "reason": said}


def test_gates_that_could_not_be_asked_are_a_failure(processing, monkeypatch):
    monkeypatch.setattr(container, "run", lambda command, work: (1, "error: no server"))
    assert container.main(processing, processing / "message", "gate", []) == 1
    assert not (processing / "output/gate.json").exists()


def test_inputs_from_another_file_system_are_copied(processing, tmp_path, monkeypatch):
    def refuse(source: str, target: str) -> None:
        raise OSError(18, "other device")

    monkeypatch.setattr(container.os, "link", refuse)
    work = container.lay_out(processing)
    assert (work / "data/splits/one.txt").read_text() == "x"
    shutil.rmtree(work)
