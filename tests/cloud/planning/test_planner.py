from pathlib import Path

import pytest

from radimpress.cloud.planning.data_size import DataSize
from radimpress.cloud.planning.planner import model_shape, plan
from radimpress.config.load import compose
from radimpress.config.schema import Config
from radimpress.modeling.flops import Lengths, forward_flops, training_flops
from radimpress.modeling.memory import FLAN, parameters
from radimpress.runtime.errors import RadimpressError

GIB = 2**30
DATA = DataSize(91_544, 2_000, 2_000, Lengths.of(87, 23), 512, 128, "given")
XL = ("model=flan_t5_xl", "training=flan", "compute=gpu_fsdp", "compute.place=sagemaker")


@pytest.fixture(autouse=True)
def _here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def on(machine: str, processes: int, *more: str) -> Config:
    strategy = "fsdp" if processes > 1 else "single"
    return compose(
        [
            *XL,
            f"compute.job.instance_type={machine}",
            f"compute.processes={processes}",
            f"compute.strategy={strategy}",
            *more,
        ]
    )


def test_steps_tokens_and_operations_of_three_epochs() -> None:
    made = plan(on("ml.p3.16xlarge", 8), DATA)
    assert made.steps == 3 * 1431  # ceil(91,544 / 64)
    assert made.epochs == pytest.approx(3)
    assert made.tokens == 3 * 91_544 * 110
    pair = training_flops(forward_flops(FLAN["flan_t5_xl"], Lengths.of(87, 23)))
    assert made.flops == pytest.approx(3 * 91_544 * pair)
    assert made.processed_flops > 1.3 / 0.97 * made.flops  # checkpointing and padding


def test_xl_in_fp32_fits_the_reference_works_machine() -> None:
    made = plan(on("ml.p3.16xlarge", 8), DATA)
    assert made.precision == "fp32"
    assert made.memory.state / GIB == pytest.approx(42.5 / 8, abs=0.05)
    assert made.fits
    assert made.usd == pytest.approx(made.hours.total * 28.152)
    assert made.utilisation == pytest.approx(0.60 * made.flops / made.processed_flops, rel=0.02)


def test_xl_fits_one_h100_whole_and_not_one_a10g() -> None:
    assert plan(on("ml.p5.4xlarge", 1), DATA).fits
    small = plan(on("ml.g5.xlarge", 1), DATA)
    assert not small.fits
    assert any("lower compute.micro_batch_size" in problem for problem in small.problems)


def test_two_nodes_cost_two_machines_and_halve_the_shards() -> None:
    one = plan(on("ml.p4d.24xlarge", 8), DATA)
    two = plan(on("ml.p4d.24xlarge", 16, "compute.nodes=2"), DATA)
    assert two.memory.state == pytest.approx(one.memory.state / 2, rel=1e-6)
    assert two.usd == pytest.approx(two.hours.total * 2 * 25.251)


def test_max_steps_wins_over_epochs() -> None:
    made = plan(on("ml.p5.4xlarge", 1, "training.max_steps=10"), DATA)
    assert made.steps == 10
    assert made.tokens == 640 * 110


def test_an_adapter_needs_fewer_operations_and_less_memory() -> None:
    whole, lora = (plan(on("ml.p5.4xlarge", 1, *more), DATA) for more in ((), LORA))
    assert 0.6 < lora.flops / whole.flops < 0.72
    assert lora.trained < whole.trained / 100
    assert lora.memory.state < whole.memory.state / 3


LORA = ("model.adapter=lora",)


def test_a_local_training_is_planned_without_hours_and_never_refused() -> None:
    made = plan(compose(["model=flan_t5_xl"]), DATA)
    assert (made.hours, made.usd, made.fits, made.problems) == (None, None, None, ())


def test_a_machine_outside_the_table_has_a_price_but_no_hours() -> None:
    made = plan(on("ml.p5e.48xlarge", 8, "compute.job.price_usd_per_hour=70"), DATA)
    assert (made.usd_per_hour, made.hours, made.usd) == (70, None, None)


def test_the_tiny_models_size_is_that_of_its_module() -> None:
    from radimpress.modeling.tiny import new_t5

    config = compose()
    tiny = config.model.tiny
    count = sum(p.numel() for p in new_t5(tiny, tiny.vocabulary).parameters())
    assert parameters(model_shape(config)) == count


def test_an_unknown_model_is_refused_with_the_known_sizes() -> None:
    with pytest.raises(RadimpressError, match="flan_t5_base"):
        plan(compose(["model=flan_t5_xl", "model.name=ours"]), DATA)


def test_the_endpoint_is_priced_and_measured_against_the_model() -> None:
    made = plan(compose(["model=flan_t5_xl", "deployment=realtime"]), DATA)
    assert "$156 a month" in made.endpoint
    assert "too small: 12 of 8 GiB" in made.endpoint
    assert plan(compose([]), DATA).endpoint.startswith("would be $156")


@pytest.mark.parametrize(
    ("machine", "size", "precision"),
    [
        ("ml.c7i.2xlarge", "flan_t5_small", "bf16"),
        ("ml.m5.2xlarge", "flan_t5_small", "fp32"),
        ("ml.c7i.2xlarge", "t5_tiny", "fp32"),
    ],
)
def test_a_cpu_trains_in_bf16_where_it_has_it_and_the_model_is_wide(
    machine: str, size: str, precision: str
) -> None:
    chosen = compose(
        [
            "compute=sagemaker_cpu",
            "compute.precision=auto",
            f"compute.job.instance_type={machine}",
            f"model={size}",
        ]
    )
    assert plan(chosen, DATA).precision == precision
