from dataclasses import replace

import pytest

from radimpress.config.cloud_rules import (
    cloud_rules,
    deployment_rules,
    endpoint_rules,
    job_rules,
)
from radimpress.config.deployment import DeploymentTarget, EndpointImage, EndpointMode
from radimpress.config.job import Place
from radimpress.config.load import compose
from radimpress.config.schema import Access, Config, Generation


def job_problems(place=Place.sagemaker, job=None, compute=None, cloud=None):
    config = compose()
    config.compute = replace(
        config.compute,
        place=place,
        job=replace(config.compute.job, **(job or {})),
        **(compute or {}),
    )
    config.cloud = replace(config.cloud, **(cloud or {}))
    return [problem.field for problem in job_rules(config)]


def deployment_problems(access=Access.public, cloud=None, **changes):
    config = compose()
    config.cloud = replace(config.cloud, **(cloud or {}))
    config.data.access = access
    config.deployment = replace(
        config.deployment, **{"target": DeploymentTarget.sagemaker, **changes}
    )
    return [problem.field for problem in deployment_rules(config)]


def cloud_problems(**changes):
    config = compose()
    config.cloud = replace(config.cloud, **changes)
    return [problem.field for problem in cloud_rules(config)]


def test_the_defaults_break_no_rule():
    assert job_problems() == job_problems(Place.local) == []
    assert cloud_problems() == []
    assert deployment_problems() == []


def test_several_machines_need_a_cluster():
    several = {"nodes": 2, "processes": 2}
    assert job_problems(Place.local, compute=several) == ["compute.nodes"]
    assert job_problems(compute=several) == []


def test_processes_spread_evenly_over_machines():
    assert job_problems(compute={"nodes": 2, "processes": 3}) == ["compute.processes"]


def test_a_spot_job_keeps_checkpoints():
    assert job_problems(job={"spot": True, "checkpoints": False}) == ["compute.job.spot"]
    assert job_problems(job={"spot": True}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stages", ["train", "clean"]),
        ("max_hours", 0.0),
        ("max_hours", 700.0),
        ("max_cost_usd", 0.0),
    ],
)
def test_a_job_without_a_limit_or_with_an_unknown_stage_is_refused(name, value):
    assert job_problems(job={name: value}) == [f"compute.job.{name}"]
    assert job_problems(Place.local, job={name: value}) == []


def test_an_isolated_job_may_have_several_nodes_for_its_peers_are_within_reach():
    isolated = {"network_isolation": True}
    assert job_problems(cloud=isolated) == []
    assert job_problems(compute={"nodes": 2, "processes": 2}, cloud=isolated) == []


@pytest.mark.parametrize("project", ["", "R", "Rad", "1rad", "rad_impress", "r" * 26])
def test_a_project_is_a_name_that_every_service_takes(project):
    assert cloud_problems(project=project) == ["cloud.project"]


def test_a_vpc_is_subnets_and_security_groups():
    assert cloud_problems(subnets=["subnet-1"]) == ["cloud.subnets"]
    assert cloud_problems(security_groups=["sg-1"]) == ["cloud.subnets"]
    assert cloud_problems(subnets=["subnet-1"], security_groups=["sg-1"]) == []


@pytest.mark.parametrize("access", [Access.private, Access.credentialed])
def test_requests_are_captured_of_public_corpora_only(access):
    field = "deployment.data_capture_percent"
    assert deployment_problems(access, data_capture_percent=10) == [field]
    assert deployment_problems(Access.public, data_capture_percent=10) == []
    assert deployment_problems(access) == []


def test_only_an_asynchronous_endpoint_scales_to_nothing():
    assert deployment_problems(min_instances=0) == ["deployment.min_instances"]
    assert deployment_problems(mode=EndpointMode.asynchronous, min_instances=0) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", "no_endpoint"),
        ("endpoint", "x" * 60),
        ("instances", 0),
        ("memory_mb", 512),
        ("startup_s", 10),
        ("canary_percent", 60),
        ("max_error_percent", 101.0),
    ],
)
def test_an_endpoint_that_aws_would_refuse_is_refused_here(name, value):
    assert deployment_problems(**{name: value}) == [f"deployment.{name}"]
    assert deployment_problems(target=DeploymentTarget.none, **{name: value}) == []


def test_serverless_memory_comes_in_whole_gigabytes():
    odd = deployment_problems(mode=EndpointMode.serverless, memory_mb=1500)
    assert odd == ["deployment.memory_mb"]


def endpoint_problems(**generation):
    config = Config(generation=Generation(**generation))
    return [problem.field for problem in endpoint_rules(config)]


def test_endpoints_of_the_comparison_need_plain_names():
    assert endpoint_problems(endpoints={"finetuned_endpoint": "radimpress"}) == []
    assert endpoint_problems(endpoints={"../out": "radimpress"}) == ["generation.endpoints"]
    assert endpoint_problems(endpoints={"remote": "no_endpoint"}) == ["generation.endpoints"]
    assert endpoint_problems(concurrency=0) == ["generation.concurrency"]


def test_what_a_request_cannot_ask_for_is_refused_where_endpoints_are_compared():
    endpoints = {"remote": "radimpress"}
    assert endpoint_problems(length_penalty=2.0) == []
    assert endpoint_problems(length_penalty=2.0, endpoints=endpoints) == [
        "generation.length_penalty"
    ]
    assert endpoint_problems(no_repeat_ngram_size=3, endpoints=endpoints) == [
        "generation.no_repeat_ngram_size"
    ]


def test_an_isolated_container_cannot_install_what_hugging_faces_image_lacks():
    isolated = {"network_isolation": True}
    hub = EndpointImage.huggingface
    assert deployment_problems(cloud=isolated, image=hub) == ["deployment.image"]
    assert deployment_problems(cloud=isolated) == deployment_problems(image=hub) == []


def test_serverless_is_refused_what_it_does_not_have():
    mode = EndpointMode.serverless
    network = {"subnets": ["subnet-1"], "security_groups": ["sg-1"]}
    assert deployment_problems(mode=mode) == []
    assert deployment_problems(mode=mode, cloud=network) == ["deployment.mode"]
    assert deployment_problems(mode=mode, data_capture_percent=5) == [
        "deployment.data_capture_percent"
    ]


def test_scaling_divides_by_no_zero():
    fields = ["invocations_per_instance", "backlog_per_instance"]
    assert deployment_problems(**dict.fromkeys(fields, 0)) == [f"deployment.{f}" for f in fields]
