from pathlib import Path

import pytest

from radimpress.cloud.planning import plan, refuse_dear
from radimpress.cloud.planning.data_size import DataSize
from radimpress.config.load import compose
from radimpress.config.schema import Config
from radimpress.modeling.flops import Lengths
from radimpress.runtime.errors import RadimpressError

DATA = DataSize(91_544, 2_000, 2_000, Lengths.of(87, 23), 512, 128, "given")
GENEROUS = ("compute.job.max_cost_usd=1000", "compute.job.max_hours=100")


@pytest.fixture(autouse=True)
def _here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def job(machine: str, *more: str) -> Config:
    return compose(
        [
            *("model=flan_t5_xl", "training=flan", "compute=gpu_fsdp", "compute.place=sagemaker"),
            f"compute.job.instance_type={machine}",
            *more,
        ]
    )


def refused(config: Config, data: DataSize = DATA) -> str:
    with pytest.raises(RadimpressError) as caught:
        refuse_dear(plan(config, data), config)
    return str(caught.value)


def test_what_fits_the_ceilings_may_start() -> None:
    config = job("ml.p4d.24xlarge", *GENEROUS)
    refuse_dear(plan(config, DATA), config)


def test_a_plan_above_the_ceiling_of_dollars_is_refused() -> None:
    said = refused(job("ml.p4d.24xlarge", "compute.job.max_cost_usd=2"))
    assert "above compute.job.max_cost_usd=2" in said
    assert "radimpress plan --all" in said


def test_a_plan_above_the_ceiling_of_hours_is_refused() -> None:
    said = refused(job("ml.g5.48xlarge", GENEROUS[0], "compute.job.max_hours=1"))
    assert "compute.job.max_hours=1" in said


def test_a_retired_machine_is_refused_with_the_notice_unless_forced() -> None:
    said = refused(job("ml.p3.16xlarge", *GENEROUS))
    assert "20 December 2025" in said
    assert "compute.job.force_retired=true" in said
    forced = job("ml.p3.16xlarge", *GENEROUS, "compute.job.force_retired=true")
    refuse_dear(plan(forced, DATA), forced)


def test_bf16_on_a_v100_is_refused() -> None:
    said = refused(job("ml.p3.16xlarge", *GENEROUS, "compute.precision=bf16"))
    assert "V100 has no bf16: set compute.precision=fp32" in said


def test_idle_or_missing_gpus_are_refused() -> None:
    said = refused(job("ml.p4d.24xlarge", *GENEROUS, "compute.processes=4"))
    assert "4 processes on 1 x 8 GPUs: set compute.processes=8" in said


def test_a_model_that_does_not_fit_is_refused_with_what_would_help() -> None:
    said = refused(
        job("ml.g5.48xlarge", *GENEROUS, "compute.strategy=ddp", "compute.micro_batch_size=32")
    )
    assert "compute.strategy=fsdp" in said


def test_a_machine_too_small_to_load_the_weights_is_refused() -> None:
    said = refused(job("ml.g5.12xlarge", *GENEROUS, "compute.processes=4", "model=flan_t5_xxl"))
    assert "loading needs" in said


def test_an_unknown_machine_is_bounded_by_its_time_limit() -> None:
    unknown = job("ml.p5e.48xlarge", "compute.job.max_hours=2", "compute.job.max_cost_usd=100")
    assert "give compute.job.price_usd_per_hour" in refused(unknown)
    dear = job(
        *("ml.p5e.48xlarge", "compute.job.max_hours=2", "compute.job.max_cost_usd=100"),
        "compute.job.price_usd_per_hour=70",
    )
    assert "at $140.00" in refused(dear)
    cheap = job(
        *("ml.p5e.48xlarge", "compute.job.max_hours=1", "compute.job.max_cost_usd=100"),
        "compute.job.price_usd_per_hour=70",
    )
    refuse_dear(plan(cheap, DATA), cheap)


def test_a_local_training_is_never_refused() -> None:
    config = compose(["model=flan_t5_xxl"])
    refuse_dear(plan(config, DATA), config)
