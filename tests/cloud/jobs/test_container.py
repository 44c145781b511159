import json
import sys
from collections import deque

import pytest

from radimpress.cloud.jobs.container import Layout, give_back, lay_out, main, read_hosts, reason
from radimpress.cloud.jobs.wheel import source_bundle
from radimpress.runtime.digests import file_sha256


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return source_bundle(tmp_path_factory.mktemp("bundle") / "code", "train")


@pytest.fixture
def ml(tmp_path, bundle):
    """A container's /opt/ml, with a stage program of our own making."""
    data = tmp_path / "ml/input/data"
    (data / "splits").mkdir(parents=True)
    (data / "splits/train.parquet").write_text("pairs")
    (data / "config").mkdir()
    (data / "code/pipelines").mkdir(parents=True)
    for name in ("params.yaml", "lineage.json"):
        (data / "config" / name).write_text("{}")
    (data / "code" / "requirements.txt").write_text("")
    wheel = next(bundle.glob("*.whl"))
    (data / "code" / wheel.name).write_bytes(wheel.read_bytes())
    job = {"stage": "stage", "inputs": {"splits": "data/splits"}, "outs": ["models/x"]}
    (data / "config/job.json").write_text(json.dumps(job | {"isolated": True}))
    hosts(tmp_path / "ml", "algo-1")
    return tmp_path / "ml"


def hosts(ml, here, *every):
    path = ml / "input/config/resourceconfig.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {"current_host": here, "hosts": every or [here], "network_interface_name": "eth0"}
    path.write_text(json.dumps(plain))
    return path


def program(ml, text):
    (ml / "input/data/code/pipelines/stage.py").write_text(text)


def test_a_stage_runs_in_a_checkout_and_its_outs_are_given_back(ml, capfd):
    program(
        ml,
        "import os, sys; from pathlib import Path; sys.path.insert(0, 'src'); import radimpress\n"
        "assert Path(radimpress.__file__).resolve().parents[1] == Path('src').resolve()\n"
        "Path('models/x').mkdir(parents=True)\n"
        "Path('models/x/m').write_text(Path('data/splits/train.parquet').read_text())\n"
        "print('done in', os.environ['RADIMPRESS_JOB'], Path('params.yaml').read_text())\n",
    )
    assert main(ml) == 0
    assert "radimpress| done in job {}" in capfd.readouterr().out
    assert (ml / "model/models/x/m").read_text() == "pairs"
    told = json.loads((ml / "model/manifest.json").read_text())
    assert told == {"files": {"models/x/m": file_sha256(ml / "model/models/x/m")}}
    assert not (ml / "output/failure").exists()


def test_the_reason_of_a_failure_is_the_stages_own_line(ml):
    program(ml, "import sys; print('before'); sys.exit('error: it is full; next: empty it')")
    assert main(ml) == 1
    assert (ml / "output/failure").read_text() == "error: it is full; next: empty it"
    assert not (ml / "model/manifest.json").exists()


def test_without_such_a_line_the_last_ones_are_told():
    assert reason([f"line {n}" for n in range(40)]).splitlines()[-1] == "line 39"
    assert len(reason(deque(f"line {n}" for n in range(40))).splitlines()) == 12


def test_a_fault_of_the_container_is_a_reason_too_and_quotes_nothing(ml):
    (ml / "input/data/config/job.json").write_text("no JSON: a patient's words")
    assert main(ml) == 70
    failure = (ml / "output/failure").read_text()
    assert failure == "error: JSONDecodeError in the job's own program"


def test_what_the_image_lacks_is_a_reason(ml):
    (ml / "input/data/code/requirements.txt").write_text("no-such-thing==1.0\n")
    assert main(ml) == 1
    assert "lacks no-such-thing" in (ml / "output/failure").read_text()


def test_a_killed_stage_fails_the_job(ml):
    program(ml, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert main(ml) == 1


def test_only_the_first_host_gives_the_model_back(ml):
    hosts(ml, "algo-2", "algo-1", "algo-2")
    program(ml, "import os; assert os.environ['RADIMPRESS_NODE'] == '1'\n")
    assert main(ml) == 0
    assert not (ml / "model").exists()


def test_hosts_are_numbered_and_not_spelled(ml):
    read = read_hosts(hosts(ml, "algo-10", "algo-10", "algo-2", "algo-1"))
    assert read.names == ("algo-1", "algo-2", "algo-10")
    assert read.rank == 2
    assert read.variables()["RADIMPRESS_MAIN_NODE"] == "algo-1"
    assert read_hosts(hosts(ml, "algo-1")).variables() == {}


def test_checkpoints_lie_where_sagemaker_keeps_them(ml, tmp_path):
    lay_out(Layout(ml), {}, str(tmp_path / "kept"))
    (ml / "work/checkpoints/one").mkdir()
    assert (tmp_path / "kept/one").is_dir()


def test_an_absolute_path_is_not_overwritten(ml, tmp_path):
    there = tmp_path / "there"
    there.mkdir()
    lay_out(Layout(ml), {"splits": str(there)}, None)
    assert there.is_dir()
    assert not there.is_symlink()


def test_outs_are_moved_with_their_digests(ml):
    layout = Layout(ml)
    (layout.work / "models/x").mkdir(parents=True)
    (layout.work / "models/x/m").write_text("m")
    give_back(layout, ["models/x"])
    assert not (layout.work / "models/x").exists()
    assert (layout.model / "models/x/m").read_text() == "m"


def test_it_imports_the_standard_library_alone(tmp_path, bundle):
    import subprocess

    code = (
        "import sys; before = set(sys.modules)\n"
        "import radimpress.cloud.jobs.container\n"
        "names = {n.partition('.')[0] for n in set(sys.modules) - before}\n"
        "print(names - set(sys.stdlib_module_names) - {'radimpress'})"
    )
    wheel = str(next(bundle.glob("*.whl")))
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": wheel},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "set()", done.stderr
