import json
from dataclasses import replace
from pathlib import Path

import pytest

from loopback.pipelines import Execution, PipelineFailed
from loopback.validation import validate
from radimpress.cloud.jobs.execution import execution
from radimpress.cloud.schedule.definition import as_text, definition
from radimpress.config.load import compose
from radimpress.runtime.errors import RadimpressError

STEPS = ["clean", "split", "foundation", "train", "generate", "evaluate", "register"]


@pytest.fixture
def pipeline(account, scheduled, contents):
    return definition(account, scheduled, contents)


def test_steps_are_dvcs_stages_then_the_gate(pipeline):
    names = [step["Name"] for step in pipeline["Steps"]]
    assert sorted(names[:7]) == sorted(STEPS)
    assert names[7:] == ["gate", "passed"]
    choice = pipeline["Steps"][8]["Arguments"]
    assert [step["Name"] for step in choice["IfSteps"]] == ["promote"]
    assert [step["Type"] for step in choice["ElseSteps"]] == ["Fail"]


def test_aws_takes_the_arguments_of_every_job(pipeline, loopback):
    execution = Execution(loopback, pipeline, "e")
    execution.done["train"] = {"ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/model/"}}
    jobs = [step for step in pipeline["Steps"] if step["Type"] in ("Processing", "Training")]
    jobs += pipeline["Steps"][8]["Arguments"]["IfSteps"]
    assert len(jobs) == 9
    for step in jobs:
        name = {f"{step['Type']}JobName": "pipelines-e"}
        request = execution.resolve(step["Arguments"]) | name
        assert validate("sagemaker", f"Create{step['Type']}Job", request) == [], step["Name"]


def test_the_same_sources_give_the_same_bytes(account, scheduled, contents, pipeline):
    text = as_text(definition(account, scheduled, contents))
    assert text == as_text(pipeline)
    assert json.loads(text)["Version"] == "2020-12-01"


def test_machines_are_parameters(pipeline):
    assert [one["Name"] for one in pipeline["Parameters"]] == [
        "ProcessingInstanceType",
        "TrainingInstanceType",
        "GenerationInstanceType",
    ]
    train = next(step for step in pipeline["Steps"] if step["Name"] == "train")
    kind = train["Arguments"]["ResourceConfig"]["InstanceType"]
    assert kind == {"Get": "Parameters.TrainingInstanceType"}


def test_the_training_survives_what_an_ordinary_job_survives(account, scheduled, contents):
    job = replace(scheduled.compute.job, spot=True, max_hours=2.0)
    spot = replace(scheduled, compute=replace(scheduled.compute, job=job))
    steps = definition(account, spot, contents)["Steps"]
    arguments = next(step for step in steps if step["Name"] == "train")["Arguments"]
    at = arguments["CheckpointConfig"]["S3Uri"]["Std:Join"]["Values"]
    assert at[1:] == [{"Get": "Execution.PipelineExecutionId"}, "train", "checkpoints"]
    assert arguments["Environment"]["RADIMPRESS_CHECKPOINTS"] == "/opt/ml/checkpoints"
    alike = execution(spot, arguments["CheckpointConfig"]["S3Uri"])
    machine = {"InstanceType": {"Get": "Parameters.TrainingInstanceType"}}
    alike["ResourceConfig"] |= machine
    assert {name: arguments.get(name) for name in alike} == alike
    assert arguments["EnableManagedSpotTraining"] is True


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        (["compute=sagemaker_cpu"], "would be lost"),
        (["tracking.uri=https://mlflow.example.org"], "no machine of SageMaker"),
    ],
)
def test_what_cannot_be_scheduled_is_refused(account, contents, root, overrides, problem):
    with pytest.raises(RadimpressError, match=problem):
        definition(account, compose(overrides, root / "conf"), contents)


def test_a_refused_gate_fails_the_execution_with_its_reason(pipeline, loopback):
    execution = Execution(loopback, pipeline, "e")
    s3, bucket = loopback.client("s3"), loopback.client("s3").list_buckets()["Buckets"][0]["Name"]
    verdict = {"passed": False, "reason": "version 2 is refused by score"}
    key = "pipelines/e/gate/gate.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(verdict).encode())
    gate = pipeline["Steps"][7]
    execution.done["train"] = {"ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/model/"}}
    execution.done["gate"] = execution.resolve(gate["Arguments"])
    with pytest.raises(PipelineFailed, match="refused by score"):
        execution.step(pipeline["Steps"][8])


@pytest.mark.rehearsal
@pytest.mark.slow
def test_the_steps_up_to_the_training_really_run(
    account, scheduled, contents, loopback, tmp_path: Path
):
    tiny = replace(scheduled, data=replace(scheduled.data, limit=300))
    pipeline = definition(account, tiny, contents)
    order = [step["Name"] for step in pipeline["Steps"]]
    assert order.index("train") == max(order.index(n) for n in ("clean", "split", "foundation")) + 1
    execution = Execution(loopback, pipeline, "e")
    execution.run(until="train")
    model = execution.done["train"]["ModelArtifacts"]["S3ModelArtifacts"]
    from loopback import buckets

    keys = [key for key in buckets.keys(model) if key.endswith("finetuned/model.safetensors")]
    assert len(keys) == 1


def test_steps_without_a_network_could_not_register(account, scheduled, contents):
    isolated = replace(scheduled, cloud=replace(scheduled.cloud, network_isolation=True))
    with pytest.raises(RadimpressError, match="shuts the steps out of MLflow"):
        definition(account, isolated, contents)
