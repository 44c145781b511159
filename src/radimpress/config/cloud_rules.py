"""Rules of conf/compute's jobs, conf/cloud and conf/deployment: refused before money is spent."""

import re
from collections.abc import Iterator

from radimpress.config.deployment import DeploymentTarget, EndpointImage, EndpointMode
from radimpress.config.job import Place
from radimpress.config.problem import Problem
from radimpress.config.schema import Access, Config

REMOTE_STAGES = ("foundation", "train", "generate")
PROJECT = re.compile(r"[a-z][a-z0-9-]{1,24}")
SYSTEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
ENDPOINT = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,51}")  # room for the suffix of an update


def job_rules(config: Config) -> Iterator[Problem]:
    """What is wrong with the machines and the job that `compute` asks for."""
    compute, job = config.compute, config.compute.job
    if compute.nodes < 1:
        yield Problem("compute.nodes", f"is {compute.nodes}, expected at least 1")
        return
    if compute.processes % compute.nodes:
        yield Problem(
            "compute.processes", f"{compute.processes} must be a multiple of {compute.nodes} nodes"
        )
    if compute.place is Place.local:
        if compute.nodes > 1:
            yield Problem("compute.nodes", "several machines need compute=sagemaker_*")
        return
    if unknown := set(job.stages) - set(REMOTE_STAGES):
        yield Problem("compute.job.stages", f"{sorted(unknown)} are not among {REMOTE_STAGES}")
    if job.spot and not job.checkpoints:
        yield Problem("compute.job.spot", "an interrupted job would start again: checkpoints=true")
    if job.max_hours <= 0 or job.max_hours > 28 * 24:
        yield Problem("compute.job.max_hours", f"is {job.max_hours:g}, expected 0 to 672")
    if job.max_cost_usd <= 0:
        yield Problem("compute.job.max_cost_usd", f"is {job.max_cost_usd:g}, expected above 0")


def cloud_rules(config: Config) -> Iterator[Problem]:
    """What is wrong with names and network of the account."""
    cloud = config.cloud
    if not PROJECT.fullmatch(cloud.project):
        yield Problem(
            "cloud.project", f"is {cloud.project!r}, expected a-z, 0-9 and - (2 to 25 characters)"
        )
    if bool(cloud.subnets) != bool(cloud.security_groups):
        yield Problem("cloud.subnets", "a VPC needs subnets and security_groups both")


def endpoint_rules(config: Config) -> Iterator[Problem]:
    """What is wrong with asking endpoints in the comparison."""
    generation = config.generation
    if generation.concurrency < 1:
        yield Problem("generation.concurrency", f"is {generation.concurrency}, expected at least 1")
    for system, endpoint in generation.endpoints.items():
        if not SYSTEM.fullmatch(system):
            yield Problem(
                "generation.endpoints", f"{system!r} names a folder: use letters, digits, _ and -"
            )
        if not ENDPOINT.fullmatch(endpoint):
            yield Problem("generation.endpoints", f"{endpoint!r} is no endpoint name")
    fixed = ("length_penalty", 1.0), ("no_repeat_ngram_size", 0)
    for name, plain in fixed:
        if generation.endpoints and getattr(generation, name) != plain:
            yield Problem(
                f"generation.{name}",
                f"must be {plain:g} where endpoints are compared: a request cannot ask for it",
            )


def deployment_rules(config: Config) -> Iterator[Problem]:
    """What is wrong with the endpoint."""
    deployment = config.deployment
    if deployment.target is DeploymentTarget.none:
        return
    if not ENDPOINT.fullmatch(deployment.endpoint):
        yield Problem("deployment.endpoint", f"{deployment.endpoint!r} is no endpoint name")
    if deployment.data_capture_percent and config.data.access is not Access.public:
        yield Problem(
            "deployment.data_capture_percent",
            f"would keep {config.data.access.value} report text in S3; set it to 0",
        )
    least = 0 if deployment.mode is EndpointMode.asynchronous else 1
    limits: list[tuple[str, float, float, float]] = [
        ("instances", deployment.instances, 1, 100),
        ("min_instances", deployment.min_instances, least, deployment.max_instances),
        ("invocations_per_instance", deployment.invocations_per_instance, 1, 10**6),
        ("backlog_per_instance", deployment.backlog_per_instance, 1, 10**6),
        ("memory_mb", deployment.memory_mb, 1024, 6144),
        ("max_concurrency", deployment.max_concurrency, 1, 200),
        ("startup_s", deployment.startup_s, 60, 3600),
        ("canary_percent", deployment.canary_percent, 1, 50),
        ("canary_wait_s", deployment.canary_wait_s, 0, 3600),
        ("max_error_percent", deployment.max_error_percent, 0, 100),
        ("data_capture_percent", deployment.data_capture_percent, 0, 100),
    ]
    for name, value, low, high in limits:
        if not low <= value <= high:
            yield Problem(f"deployment.{name}", f"is {value:g}, expected {low:g} to {high:g}")
    if deployment.image is EndpointImage.huggingface and config.cloud.network_isolation:
        yield Problem("deployment.image", "Hugging Face's installs packages: isolated, it cannot")
    if deployment.mode is EndpointMode.serverless:
        yield from _serverless_rules(config)


def _serverless_rules(config: Config) -> Iterator[Problem]:
    """What SageMaker does not have for serverless endpoints."""
    deployment, cloud = config.deployment, config.cloud
    if deployment.memory_mb % 1024:
        yield Problem("deployment.memory_mb", f"{deployment.memory_mb} is no multiple of 1024")
    if cloud.subnets or cloud.network_isolation:
        yield Problem("deployment.mode", "serverless knows no VPC and no network isolation")
    if deployment.data_capture_percent:
        yield Problem("deployment.data_capture_percent", "serverless captures nothing; set it to 0")
