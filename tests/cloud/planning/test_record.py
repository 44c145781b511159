from dataclasses import replace

import pytest

from radimpress.cloud.planning.record import USD_PER_GB_MONTH, Hours


def test_hours_add_up() -> None:
    hours = Hours(start=0.1, steps=2.0, validation=0.3, checkpoints=0.25)
    assert hours.total == pytest.approx(2.65)


@pytest.fixture
def made(root, monkeypatch):
    from radimpress.cloud.planning import plan
    from radimpress.config.load import compose

    monkeypatch.chdir(root)
    return plan(compose(["compute.place=sagemaker", "compute.job.instance_type=ml.m5.2xlarge"]))


def test_dollars_are_hours_times_machines_times_price(made) -> None:
    assert made.usd == pytest.approx(made.hours.total * 0.461)
    assert replace(made, nodes=3).usd == pytest.approx(3 * made.usd)
    assert replace(made, usd_per_hour=None).usd is None


def test_utilisation_is_real_work_over_the_peak_of_the_steps(made) -> None:
    peak = made.instance.peak_tflops * 1e12
    assert made.utilisation == pytest.approx(made.flops / (made.hours.steps * 3600 * peak))


def test_it_fits_up_to_what_is_available(made) -> None:
    assert replace(made, available=float(made.memory.total)).fits is True
    assert replace(made, available=made.memory.total - 1.0).fits is False
    assert replace(made, available=None).fits is None


def test_storage_is_paid_by_the_gigabyte(made) -> None:
    assert made.storage_usd_per_month == pytest.approx(made.storage_gb * USD_PER_GB_MONTH)
