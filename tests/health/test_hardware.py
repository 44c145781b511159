import sys
from dataclasses import replace

import pytest

from radimpress.config.load import compose
from radimpress.config.schema import Device
from radimpress.health import hardware
from radimpress.health.hardware import check_gpu, check_memory

torch = pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch, root):
    monkeypatch.chdir(root)


@pytest.fixture
def gpu(monkeypatch):
    def pretend(count=1, capability=(9, 0), memory=80 << 30, architectures=("sm_80", "sm_90")):
        properties = type("Properties", (), {"total_memory": memory})()
        monkeypatch.setattr(hardware, "driver_is_there", lambda: True)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "a GPU")
        monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: list(architectures))
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: properties)

    return pretend


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr("shutil.which", lambda _: None)


def test_a_laptop_trains_on_its_processor(no_gpu):
    assert check_gpu(compose().compute).seen == "none: training runs on 2 CPU threads"


def test_torch_is_not_imported_where_no_driver_is_there(no_gpu, monkeypatch):
    monkeypatch.setattr(hardware, "DRIVERS", ("/nowhere/nvidiactl",))
    monkeypatch.setitem(sys.modules, "torch", None)  # importing it would raise
    assert check_gpu(compose().compute).state == "ok"


def test_a_driver_without_a_gpu_that_torch_can_use_is_asked(no_gpu, monkeypatch, tmp_path):
    (tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(hardware, "DRIVERS", (str(tmp_path / "nvidiactl"),))
    assert hardware.driver_is_there()
    assert check_gpu(compose().compute).seen == "none: training runs on 2 CPU threads"


def test_asking_for_a_gpu_that_is_not_there_fails(no_gpu):
    compute = replace(compose().compute, device=Device.cuda)
    assert check_gpu(compute).step == "choose compute=cpu"


def test_the_number_format_follows_the_architecture(gpu):
    gpu(capability=(9, 0))
    assert "bf16" in check_gpu(compose().compute).seen
    gpu(capability=(7, 0), architectures=("sm_70",))
    assert "fp32" in check_gpu(compose().compute).seen


def test_a_torch_build_without_the_gpu_s_architecture_fails(gpu):
    gpu(capability=(7, 0))
    assert "CUDA 12.6 or older" in check_gpu(compose().compute).step


def test_more_processes_than_gpus_fail(gpu):
    gpu(count=4)
    assert check_gpu(compose(["compute=gpu_fsdp"]).compute).step == "set compute.processes=4"


def test_xl_does_not_fit_a_v100_but_does_fit_when_sharded_over_eight(gpu):
    gpu(capability=(7, 0), memory=16 << 30, count=8)
    alone = compose(["model=flan_t5_xl", "training=flan", "compute=gpu"])
    assert check_memory(alone).state == "fail"
    sharded = [
        "model=flan_t5_xl",
        "training=flan",
        "compute=gpu_fsdp",
        "compute.micro_batch_size=1",
    ]
    assert check_memory(compose(sharded)).state == "ok"


def test_the_tiny_model_fits_anywhere(no_gpu):
    assert check_memory(compose()).state == "ok"
