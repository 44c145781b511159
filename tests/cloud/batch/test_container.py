import json
import zipfile

import pytest

from radimpress.cloud.batch import container


@pytest.fixture
def folder(tmp_path):
    """/opt/ml/processing with a wheel whose worker does as its settings say."""
    here = tmp_path / "processing"
    (here / "code").mkdir(parents=True)
    (here / "settings").mkdir()
    (here / "code" / "requirements.txt").write_text("")
    (here / "settings" / "job.json").write_text(json.dumps({"isolated": True}))
    program = (
        "import json, os, sys\n"
        "told = json.load(open(sys.argv[4]))\n"
        "print('working', file=sys.stderr)\n"
        "part = f\"{sys.argv[5]} of {sys.argv[6]} on {os.environ.get('CUDA_VISIBLE_DEVICES')}\"\n"
        "open(f'{sys.argv[3]}.{sys.argv[5]}', 'w').write(part)\n"
        "sys.exit(told['says'])\n"
    )
    with zipfile.ZipFile(here / "code" / "x.whl", "w") as wheel:
        for package in ("radimpress", "radimpress/cloud", "radimpress/cloud/batch"):
            wheel.writestr(f"{package}/__init__.py", "")
        wheel.writestr("radimpress/cloud/batch/worker.py", program)
    return here


def run(folder, says):
    (folder / "settings" / "settings.json").write_text(json.dumps({"says": says}))
    return container.main(folder)


def test_the_worker_of_the_wheel_runs(folder, capfd):
    assert run(folder, None) == 0
    assert (folder / "output.0").read_text() == "0 of 1 on None"
    assert "working" in capfd.readouterr().err


def test_there_is_a_worker_for_each_gpu(folder, monkeypatch):
    monkeypatch.setattr(container, "visible_gpus", lambda: 2)
    assert run(folder, None) == 0
    assert (folder / "output.0").read_text() == "0 of 2 on 0"
    assert (folder / "output.1").read_text() == "1 of 2 on 1"


@pytest.mark.parametrize(
    ("says", "message"),
    [("error: models/x is missing", "error: models/x is missing"), (9, "ended with status 9")],
)
def test_a_failure_is_told_to_aws_in_one_line(folder, says, message):
    assert run(folder, says) == 1
    assert message in (folder.parent / "output" / "message").read_text()


def test_a_machine_without_gpus_has_none(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert container.visible_gpus() == 0
