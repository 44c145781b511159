import gzip
import json
from pathlib import Path

import pytest

from radimpress.cloud.instances import INSTANCES, instance, price
from radimpress.config.deployment import Deployment
from radimpress.config.job import Job
from radimpress.runtime.errors import RadimpressError


@pytest.fixture(scope="module")
def shapes() -> dict[str, dict]:
    import botocore

    data = Path(botocore.__file__).parent / "data/sagemaker/2017-07-24/service-2.json.gz"
    return json.loads(gzip.decompress(data.read_bytes()))["shapes"]


def test_every_type_is_one_that_training_jobs_take(shapes):
    assert set(INSTANCES) <= set(shapes["TrainingInstanceType"]["enum"])


def test_every_type_is_one_that_endpoints_take(shapes):
    assert set(INSTANCES) <= set(shapes["ProductionVariantInstanceType"]["enum"])


def test_the_reference_works_machine_has_eight_v100_without_bf16_and_a_notice():
    machine = instance("ml.p3.16xlarge")
    assert (machine.gpus, machine.gpu, machine.bf16) == (8, "V100", False)
    assert machine.peak_tflops == 15.7
    assert machine.torch == "2.6.0"
    assert "20 December 2025" in (machine.retired or "")


def test_newer_gpus_train_in_bf16_and_a_cpu_in_fp32():
    assert instance("ml.p5.4xlarge").peak_tflops == pytest.approx(989.4)
    assert instance("ml.p5.4xlarge").peak(bf16=False) == pytest.approx(66.9)
    machine = instance("ml.m5.2xlarge")
    assert not machine.bf16
    assert machine.peak_tflops == pytest.approx(4 * 3.1 * 64 / 1000)  # 4 cores


def test_a_larger_size_of_a_family_costs_at_least_its_share():
    one, eight = instance("ml.p5.4xlarge"), instance("ml.p5.48xlarge")
    assert eight.usd_per_hour == pytest.approx(8 * one.usd_per_hour)
    families: dict[str, list[float]] = {}
    for machine in INSTANCES.values():
        families.setdefault(machine.name.split(".")[1], []).append(machine.usd_per_hour)
    assert all(prices == sorted(prices) for prices in families.values())


def test_the_configured_price_wins_even_for_an_unknown_type():
    assert price(Job(instance_type="ml.p5.4xlarge")) == 7.912
    assert price(Job(instance_type="ml.p5.4xlarge", price_usd_per_hour=6.5)) == 6.5
    assert price(Job(instance_type="ml.q9.large", price_usd_per_hour=1.5)) == 1.5
    assert price(Deployment(instance_type="ml.c7i.xlarge")) == 0.214


def test_an_unknown_type_is_refused_with_its_family_and_the_override():
    with pytest.raises(RadimpressError, match=r"ml\.p5\.9xlarge.*ml\.p5\.4xlarge") as caught:
        instance("ml.p5.9xlarge")
    assert "price_usd_per_hour" in str(caught.value)
    assert "ml.g5" not in str(caught.value)
    with pytest.raises(RadimpressError, match=r"ml\.g5\.xlarge"):
        instance("p5")
