"""The loopback's tuning jobs train over drawn values and name the best."""

import io
import tarfile
import time
from typing import TYPE_CHECKING, Any

import pytest

from loopback.tuning import draws

if TYPE_CHECKING:
    from loopback.server import Loopback

BUCKET = "radimpress-123456789012-us-east-1"
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-training:2"
PROGRAM = b"""
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float)
parser.add_argument("--epochs", type=int)
given = parser.parse_args()
print(f"loss={abs(given.rate - 0.2) * given.epochs:.4f}")
"""


def request(**config: Any) -> dict[str, Any]:
    return {
        "HyperParameterTuningJobName": "sweep",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Grid",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
            "ResourceLimits": {"MaxParallelTrainingJobs": 2},
            "ParameterRanges": {
                "CategoricalParameterRanges": [{"Name": "rate", "Values": ["0.1", "0.2", "0.9"]}]
            },
        }
        | config,
        "TrainingJobDefinition": {
            "StaticHyperParameters": {
                "epochs": "2",
                "sagemaker_program": '"train.py"',
                "sagemaker_submit_directory": f"s3://{BUCKET}/code/source.tar.gz",
            },
            "AlgorithmSpecification": {
                "TrainingImage": IMAGE,
                "TrainingInputMode": "File",
                "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+)"}],
            },
            "RoleArn": ROLE,
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
            "ResourceConfig": {
                "InstanceType": "ml.m5.large",
                "InstanceCount": 1,
                "VolumeSizeInGB": 5,
            },
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        },
    }


def upload(loop: "Loopback") -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("train.py")
        entry.size = len(PROGRAM)
        archive.addfile(entry, io.BytesIO(PROGRAM))
    body = packed.getvalue()
    loop.client("s3").put_object(Bucket=BUCKET, Key="code/source.tar.gz", Body=body)


def test_a_grid_names_the_best_of_all_combinations(loopback: "Loopback") -> None:
    upload(loopback)
    sagemaker = loopback.client("sagemaker")
    sagemaker.create_hyper_parameter_tuning_job(**request())
    asked = {"HyperParameterTuningJobName": "sweep"}
    for _ in range(600):
        job = sagemaker.describe_hyper_parameter_tuning_job(**asked)
        if job["HyperParameterTuningJobStatus"] in {"Completed", "Failed"}:
            break
        time.sleep(0.1)
    assert job["HyperParameterTuningJobStatus"] == "Completed", job.get("FailureReason")
    best = job["BestTrainingJob"]
    assert best["TunedHyperParameters"] == {"rate": "0.2"}
    assert best["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] == 0.0
    assert job["TrainingJobStatusCounters"]["Completed"] == 3
    trials = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(**asked)
    values = [
        trial["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
        for trial in trials["TrainingJobSummaries"]
    ]
    assert values == pytest.approx([0.2, 0.0, 1.4])
    told = sagemaker.describe_training_job(TrainingJobName=best["TrainingJobName"])
    assert told["TuningJobArn"] == job["HyperParameterTuningJobArn"]


def test_random_values_lie_in_their_ranges_and_come_again_with_the_seed() -> None:
    ranges = {
        "IntegerParameterRanges": [{"Name": "epochs", "MinValue": "1", "MaxValue": "3"}],
        "ContinuousParameterRanges": [
            {"Name": "rate", "MinValue": "1e-5", "MaxValue": "1e-1", "ScalingType": "Logarithmic"}
        ],
    }
    config = {"Strategy": "Random", "ParameterRanges": ranges, "RandomSeed": 7}
    drawn = draws(config, 200)
    assert drawn == draws(config, 200)
    assert {values["epochs"] for values in drawn} == {"1", "2", "3"}
    rates = sorted(float(values["rate"]) for values in drawn)
    assert 1e-5 <= rates[0] < 1e-4
    assert 1e-4 < rates[100] < 1e-2  # the median of a logarithmic scale
