"""What goes wrong in real life: each ends in one clear line, or just works, with nothing lost."""

import os
import shutil
import signal
import subprocess
import time
from dataclasses import replace

import pytest

from radimpress.health.verify import verify

OUTPUTS = {
    "clean": ["data/clean"],
    "split": ["data/splits"],
    "foundation": ["models/foundation"],
    "train": ["models/finetuned"],
    "generate": ["reports/predictions"],
    "evaluate": ["reports/scores", "reports/metrics.json", "reports/report.html"],
    "register": ["models/registered.json"],
}
STAGES = list(OUTPUTS)


@pytest.fixture
def copy(smoke, tmp_path):
    """The finished smoke run, to be broken."""
    target = tmp_path / "radimpress"
    subprocess.run(["cp", "-a", str(smoke.root), str(target)], check=True)
    return replace(smoke, root=target)


def digests(clone, stage):
    from radimpress.runtime.digests import file_md5, folder_sha256

    found = {}
    for name in OUTPUTS[stage]:
        path = clone.root / name
        if path.exists():
            found[name] = folder_sha256(path) if path.is_dir() else file_md5(path)
    return found


def end(process, how, after):
    """Send `how` to the process group of `process` once it has run `after` seconds."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, how)
    return process.communicate(timeout=60)[0], process.returncode


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("after", [0.7, 4.0])
def test_a_stage_that_is_killed_leaves_whole_outputs_and_the_next_run_is_the_same(
    copy, stage, after
):
    before = digests(copy, stage)
    for name in OUTPUTS[stage]:
        path = copy.root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    output, _ = end(copy.start("python", f"pipelines/{stage}.py"), signal.SIGKILL, after)
    assert "Traceback" not in output
    for name, digest in digests(copy, stage).items():
        assert digest == before[name], f"{name} is half-written"
    copy.run("python", f"pipelines/{stage}.py")
    assert digests(copy, stage) == before
    left = [
        p.name for p in copy.root.rglob(".*.*.*") if ".git" not in p.parts and ".dvc" not in p.parts
    ]
    assert [name for name in left if name.split(".")[2].isdigit()] == []


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_is_one_line(copy, stage):
    process = copy.start(
        "python",
        f"pipelines/{stage}.py",
        "experiment=smoke",
        "compute.threads=1",
        "training.max_steps=5000",
        "training.evaluations=2",
    )
    output, code = end(process, signal.SIGINT, 2.5)
    assert "Traceback" not in output, output
    if code:  # 0: a stage may be done sooner
        assert code == 130
        assert "interrupted" in output


def test_a_typo_in_an_override_is_refused_and_leaves_params_alone(copy):
    before = copy.read("params.yaml")
    done = copy.run("dvc", "exp", "run", "-S", "training.lr=1", check=False)
    assert done.returncode != 0
    assert "Key 'lr' not in 'Training'" in done.stderr
    assert copy.read("params.yaml") == before


def test_an_edited_conf_is_told_by_the_first_stage(copy):
    path = copy.root / "conf" / "training" / "tiny.yaml"
    path.write_text(path.read_text() + "\nweight_decay: 0.01\n")
    done = copy.run("dvc", "repro", check=False)
    assert done.returncode != 0
    assert "error: params.yaml is stale" in done.stderr
    assert "make params" in done.stderr


def test_two_pipelines_at_once_one_is_told_that_the_other_runs(copy):
    first = copy.start("dvc", "repro", "--force", "--single-item", "clean")
    time.sleep(2.0)
    second = copy.run("dvc", "repro", "--force", "--single-item", "clean", check=False)
    output, code = end(first, signal.SIGKILL, 60)
    assert code == 0, output
    if second.returncode:
        assert "busy" in second.stderr or "lock" in second.stderr


@pytest.mark.slow
def test_an_empty_store_gets_its_runs_and_its_model_back(copy):
    shutil.rmtree(copy.root / "mlruns")
    (copy.root / "models" / "registered.json").unlink()
    done = copy.run("dvc", "repro")
    assert "Running stage 'register'" in done.stdout
    assert "Running stage 'train'" not in done.stdout
    assert "constant" in copy.run("radimpress", "compare").stdout


def test_doctor_says_that_the_store_lost_the_registered_model(copy):
    shutil.rmtree(copy.root / "mlruns")
    shown = copy.run("radimpress", "doctor").stdout
    assert "--single-item" in shown


def test_a_damaged_cache_is_found_by_verify_alone(copy):
    objects = [p for p in (copy.root / ".dvc" / "cache" / "files").rglob("*") if p.is_file()]
    victim = max(objects, key=lambda p: p.stat().st_size)
    victim.chmod(0o644)
    victim.write_bytes(b"x" * victim.stat().st_size)
    victim.chmod(0o444)  # DVC trusts what it cannot write to
    assert "up to date" in copy.run("dvc", "status").stdout
    done = copy.run("radimpress", "verify", check=False)
    assert done.returncode == 1
    assert "damaged" in done.stdout
    assert any(not v.is_sound for v in verify(copy.root))


def test_a_full_disk_is_one_line_and_nothing_half_written(copy):
    small = copy.root / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(small)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    try:
        (copy.root / "data" / "clean").rename(copy.root / "data" / "was")
        (copy.root / "data" / "clean.parent").mkdir()
        script = (
            "from pathlib import Path; from radimpress.config.load import from_params;"
            "from radimpress.corpus.clean_stage import clean_corpus;"
            "clean_corpus(from_params().data, Path('small/clean'), 1)"
        )
        done = copy.run("python", "-c", script, check=False)
        assert "the disk is full: small/clean" in done.stderr
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
