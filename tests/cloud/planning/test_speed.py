from pathlib import Path

import pytest

from radimpress.cloud.instances import INSTANCES, instance
from radimpress.cloud.planning.speed import (
    BLOCK_S,
    UTILISATION,
    process_tflops,
    real_tokens,
    step_time,
    trained_parameters,
    utilisation,
)
from radimpress.config.load import compose
from radimpress.config.schema import Compute, Config
from radimpress.modeling.memory import FLAN, lora_parameters, parameters

XL = FLAN["flan_t5_xl"]


@pytest.fixture(autouse=True)
def _here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def config(*overrides: str) -> Config:
    return compose(["model=flan_t5_xl", "training=flan", *overrides])


def test_every_gpu_has_an_assumed_utilisation() -> None:
    assert {one.gpu for one in INSTANCES.values() if one.gpus} == set(UTILISATION)
    assert 0 < utilisation(instance("ml.m5.large")) < 1


def test_arithmetic_is_operations_over_the_reached_peak() -> None:
    step = step_time(XL, config(), instance("ml.p5.4xlarge"), True, 1e15, 1)
    assert step.arithmetic == pytest.approx(1e15 / (989.4e12 * 0.40))
    assert step.bound == "arithmetic"
    assert step.seconds == step.arithmetic + step.optimizer


def test_small_batches_wait_for_kernel_launches() -> None:
    step = step_time(XL, config(), instance("ml.p5.4xlarge"), True, 1e12, 8)
    assert step.launches == pytest.approx(8 * 48 * BLOCK_S)
    assert step.bound == "kernel launches"


def test_sharding_gathers_the_weights_twice_and_scatters_gradients_once_a_micro_step() -> None:
    sharded = config("compute.strategy=fsdp", "compute.processes=8")
    step = step_time(XL, sharded, instance("ml.g5.48xlarge"), True, 1e12, 2)
    sent = 2 * 2 * 3 * parameters(XL) * 7 / 8
    assert step.traffic == pytest.approx(sent / 6e9)
    assert step.bound == "weights on the wire"
    nvlink = step_time(XL, sharded, instance("ml.p5.48xlarge"), True, 1e12, 2)
    assert nvlink.traffic < step.traffic / 50


def test_data_parallel_gradients_are_sent_once_a_step_whatever_the_micro_steps() -> None:
    ddp = config("compute.strategy=ddp", "compute.processes=8")
    machine = instance("ml.p4d.24xlarge")
    one, many = (step_time(XL, ddp, machine, True, 1e12, n).traffic for n in (1, 9))
    assert one == many == pytest.approx(2 * 4 * parameters(XL) * 7 / 8 / 220e9)


def test_several_nodes_are_as_slow_as_their_network() -> None:
    both = config(
        *("compute.strategy=fsdp", "compute.processes=16", "compute.nodes=2"),
        "compute.place=sagemaker",
    )
    step = step_time(XL, both, instance("ml.p4d.24xlarge"), True, 1e12, 1)
    assert step.traffic == pytest.approx(2 * 3 * parameters(XL) * 15 / 16 / 50e9)


def test_a_cpu_process_has_the_cores_that_its_threads_can_use() -> None:
    machine = instance("ml.m5.2xlarge")  # 4 cores
    assert process_tflops(machine, Compute(threads=4), bf16=False) == machine.peak_tflops
    assert process_tflops(machine, Compute(threads=16), bf16=False) == machine.peak_tflops
    two = Compute(threads=1, processes=2)
    assert process_tflops(machine, two, bf16=False) == pytest.approx(machine.peak_tflops / 4)


def test_padding_is_what_batching_leaves() -> None:
    assert real_tokens(config()) == ("packed", 0.97)
    assert real_tokens(config("compute.packing=false")) == ("grouped by length", 0.67)
    plain = config("compute.packing=false", "training.group_by_length=false")
    assert real_tokens(plain) == ("padded", 0.42)


def test_an_adapter_trains_only_itself() -> None:
    lora = config("model.adapter=lora")
    assert trained_parameters(XL, lora) == lora_parameters(XL, 16, ["q", "v"])
    assert trained_parameters(XL, config()) == parameters(XL)
