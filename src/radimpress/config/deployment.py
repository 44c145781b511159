"""conf/deployment: the SageMaker endpoint that a promotion brings in line."""

from dataclasses import dataclass
from enum import Enum


class DeploymentTarget(Enum):
    """Which target a promotion serves beside the local servers."""

    none = "none"
    sagemaker = "sagemaker"


class EndpointMode(Enum):
    """How the endpoint is paid and asked."""

    realtime = "realtime"  # instances that always run
    serverless = "serverless"  # paid by the millisecond; CPU, at most 6 GB
    asynchronous = "asynchronous"  # requests and answers lie in S3; may scale to nothing


class EndpointImage(Enum):
    """What answers inside."""

    own = "own"  # this repository's Dockerfile: the FastAPI app
    huggingface = "huggingface"  # AWS's Hugging Face image with the archive's code/inference.py


@dataclass
class Deployment:
    """The endpoint: where, how large, how carefully it is changed, and what it may cost."""

    target: DeploymentTarget = DeploymentTarget.none
    endpoint: str = "radimpress"
    mode: EndpointMode = EndpointMode.realtime
    image: EndpointImage = EndpointImage.own
    image_uri: str | None = None  # null: <account>'s ECR repository <project>, or AWS's own image
    instance_type: str = "ml.c7i.xlarge"
    instances: int = 1
    min_instances: int = 1
    max_instances: int = 1  # above min_instances: autoscaling
    invocations_per_instance: int = 600  # a minute, where autoscaling adds an instance
    backlog_per_instance: int = 5  # the same for an asynchronous endpoint: requests that wait
    memory_mb: int = 4096  # serverless
    max_concurrency: int = 5  # requests at once: serverless, and of an asynchronous instance
    startup_s: int = 600  # for the download and the first healthy ping
    canary_percent: int = 20  # of the capacity that takes traffic first
    canary_wait_s: int = 300  # how long the alarms watch it
    max_error_percent: float = 1.0  # 5xx of the invocations: above, the alarm rolls back
    max_latency_ms: float = 5000.0  # p95 of the model's latency: above, the alarm rolls back
    golden: bool = True  # ask the golden cases of the canary, and roll back where they differ
    data_capture_percent: int = 0  # of requests kept in S3; only for public corpora
    price_usd_per_hour: float | None = None  # of one instance; null: the dated table
    max_cost_usd_per_month: float = 200.0  # a dearer endpoint is refused
