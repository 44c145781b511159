import pytest

from radimpress.cloud.instances import INSTANCES, instance
from radimpress.cloud.jobs.images import training_image


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("ml.p3.16xlarge", "2.6.0-gpu-py312"),  # the last one whose CUDA runs on V100
        ("ml.p5.4xlarge", "2.10.0-gpu-py313"),
        ("ml.m5.2xlarge", "2.10.0-cpu-py313"),
    ],
)
def test_each_machine_gets_an_image_that_runs_on_it(name, tag):
    uri = training_image(instance(name), "us-east-1")
    assert uri == f"763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:{tag}"


def test_every_machine_has_an_image_and_the_region_decides_the_registry():
    for machine in INSTANCES.values():
        uri = training_image(machine, "eu-central-1")
        assert ".ecr.eu-central-1." in uri
        assert ("gpu" in uri) == (machine.gpus > 0)
