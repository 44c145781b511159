"""An account of plain moto in which this project and a stranger have one of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from radimpress.cloud.session import Session
from radimpress.cloud.tags import tags
from radimpress.config.cloud import Cloud

if TYPE_CHECKING:
    from loopback.call import Call
    from loopback.server import Loopback

ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
BUCKET = "radimpress-123456789012-us-east-1"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/radimpress:latest"


@dataclass
class Account:
    """Makes things as the other parts of radimpress do, and says what is there."""

    loop: "Loopback"

    def client(self, service: str) -> Any:
        return self.loop.client(service)

    def fill(self, owner: str, prefix: str) -> None:
        """One of each kind, tagged as the project `owner`; names start with `prefix`."""
        tagged = tags(Cloud(project=owner), "test")
        self.endpoint(f"{prefix}-endpoint", owner)
        self.training_job(f"{prefix}-train-0123-1", owner, "InProgress")
        self.training_job(f"{prefix}-train-0123-0", owner, "Completed")
        alarm = {"Namespace": "n", "MetricName": "m", "Period": 60, "Statistic": "Sum"}
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=f"{prefix}-errors",
            EvaluationPeriods=1,
            Threshold=1.0,
            ComparisonOperator="GreaterThanThreshold",
            Tags=tagged,
            **alarm,
        )
        self.client("application-autoscaling").register_scalable_target(
            ServiceNamespace="sagemaker",
            ResourceId=f"endpoint/{prefix}-endpoint/variant/all",
            ScalableDimension="sagemaker:variant:DesiredInstanceCount",
            MinCapacity=1,
            MaxCapacity=3,
        )
        group = f"/aws/sagemaker/Endpoints/{prefix}-endpoint"
        self.client("logs").create_log_group(logGroupName=group)
        shared, stream = "/aws/sagemaker/TrainingJobs", f"{prefix}-train-0123-0/algo-1-1"
        if not self.client("logs").describe_log_groups(logGroupNamePrefix=shared)["logGroups"]:
            self.client("logs").create_log_group(logGroupName=shared)
        self.client("logs").create_log_stream(logGroupName=shared, logStreamName=stream)
        self.client("sagemaker").create_pipeline(
            PipelineName=f"{prefix}-pipeline",
            PipelineDefinition="{}",
            ClientRequestToken=f"{prefix}-{'t' * 32}",
            RoleArn=ROLE,
            Tags=tagged,
        )

    def endpoint(self, name: str, owner: str, instances: int = 2) -> None:
        """A model, a configuration and an endpoint of `ml.c7i.xlarge`."""
        sagemaker, tagged = self.client("sagemaker"), tags(Cloud(project=owner), "endpoint")
        sagemaker.create_model(
            ModelName=f"{name}-model",
            PrimaryContainer={"Image": IMAGE},
            ExecutionRoleArn=ROLE,
            Tags=tagged,
        )
        variant = {"VariantName": "all", "ModelName": f"{name}-model"}
        machines = {"InitialInstanceCount": instances, "InstanceType": "ml.c7i.xlarge"}
        sagemaker.create_endpoint_config(
            EndpointConfigName=f"{name}-config",
            ProductionVariants=[variant | machines],
            Tags=tagged,
        )
        sagemaker.create_endpoint(
            EndpointName=name, EndpointConfigName=f"{name}-config", Tags=tagged
        )

    def training_job(self, name: str, owner: str, state: str) -> None:
        """A training job on two ml.g5.xlarge."""
        self.client("sagemaker").create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            RoleArn=ROLE,
            OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/jobs"},
            ResourceConfig={
                "InstanceType": "ml.g5.xlarge",
                "InstanceCount": 2,
                "VolumeSizeInGB": 10,
            },
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
            Tags=tags(Cloud(project=owner), "training-job"),
        )
        self.jobs[name].training_job_status = state

    @property
    def jobs(self) -> Any:
        """Moto's training jobs by name."""
        from moto.sagemaker.models import sagemaker_backends

        return sagemaker_backends["123456789012"]["us-east-1"].training_jobs

    def stop(self, call: "Call") -> dict[str, Any]:
        """StopTrainingJob, which moto lacks."""
        self.jobs[call.request["TrainingJobName"]].training_job_status = "Stopped"
        return {}

    def names(self, operation: str, key: str, name: str, service: str = "sagemaker") -> set[str]:
        """What a List operation shows."""
        return {one[name] for one in getattr(self.client(service), operation)()[key]}


@pytest.fixture
def account(loopback: "Loopback") -> Iterator[Account]:
    """Nothing but moto behind SageMaker: states are what a test says."""
    before = dict(loopback.operations)
    account = Account(loopback)
    loopback.operations.clear()
    loopback.operations["sagemaker:StopTrainingJob"] = account.stop
    loopback.operations["quicksight:"] = before["quicksight:"]
    yield account
    loopback.operations.clear()
    loopback.operations.update(before)


@pytest.fixture
def filled(account: Account, session: Session) -> Account:
    """One of each of ours, and one of each of a stranger's, whose names look like ours."""
    account.fill("radimpress", "radimpress")
    account.fill("somebody", "radimpress-copy")
    tagging = {"TagSet": tags(session.cloud, "bucket")}
    account.client("s3").put_bucket_tagging(Bucket=BUCKET, Tagging=tagging)
    for key in ("content/a", "dvc/files/b", "batch/k/input/c"):
        account.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"x" * 1000)
    return account
