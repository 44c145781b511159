"""dvc.yaml as the definition of a SageMaker Pipeline (schema 2020-12-01).

https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
Each stage is a step with the same name and order; what it makes lies in S3 below the execution's id
under the same paths as in a checkout. After `register` a step asks the gates of promotion, and the
candidate is promoted or the execution fails with the gate's reason.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from radimpress.cloud.instances import instance
from radimpress.cloud.jobs.execution import execution, variables
from radimpress.cloud.jobs.images import training_image
from radimpress.cloud.schedule.container import GATE, GATE_FILE, PROMOTE
from radimpress.cloud.schedule.contents import TRAIN, Contents
from radimpress.cloud.schedule.stages import Stage, read_stages
from radimpress.cloud.session import Session
from radimpress.cloud.tags import tags
from radimpress.cloud.volumes import volume_key
from radimpress.config.job import Place
from radimpress.config.schema import Config
from radimpress.runtime.errors import next_step
from radimpress.tracking.record_lines import METRICS

VERSION = "2020-12-01"
ROOT = "/opt/ml/processing"
CPU = "ml.m5.2xlarge"
ON_GPU = ("generate",)  # stages that take the training's machine rather than a small one
PYTHON = "python"

Json = dict[str, Any]


def definition(session: Session, config: Config, contents: Contents) -> Json:
    """The pipeline. The same configuration, code and data give the same JSON.

    Raises RadimpressError where runs would be recorded in a container that is gone afterwards.
    """
    if config.cloud.network_isolation:
        raise next_step(
            "cloud.network_isolation shuts the steps out of MLflow, in which they register",
            "set cloud.subnets and cloud.security_groups instead, or run `dvc repro` from here",
        )
    if config.tracking.uri is None:
        raise next_step(
            "tracking.uri is null, so runs and versions would be lost with their container",
            "set it to an MLflow server's address or the ARN of a managed one (tracking=remote)",
        )
    if config.compute.place is not Place.sagemaker:
        raise next_step(
            f"compute={config.compute.name} is no machine of SageMaker's",
            "add compute=sagemaker_... to the overrides",
        )
    stages = read_stages()
    made = {out: stage.name for stage in stages for out in stage.outs}
    steps = [
        _training(session, config, contents, stage, made)
        if stage.name == "train"
        else _processing(session, config, contents, stage)
        for stage in stages
    ]
    return {
        "Version": VERSION,
        "Metadata": {},
        "Parameters": [
            _parameter("ProcessingInstanceType", CPU),
            _parameter("TrainingInstanceType", config.compute.job.instance_type),
            _parameter("GenerationInstanceType", config.compute.job.instance_type),
        ],
        "Steps": [*steps, *_gate(session, config, contents, stages)],
    }


def as_text(pipeline: Json) -> str:
    """The definition's canonical text."""
    return json.dumps(pipeline, indent=1, sort_keys=True) + "\n"


def _gate(
    session: Session, config: Config, contents: Contents, stages: Sequence[Stage]
) -> list[Json]:
    """Judge, then promote (and deploy, as `deployment` says) or fail with the reason."""
    takes = tuple(stage.name for stage in stages)
    gate = _processing(session, config, contents, Stage(GATE, "Ask the gates", (), takes))
    gate["PropertyFiles"] = [
        {"PropertyFileName": GATE, "OutputName": GATE, "FilePath": GATE_FILE},
    ]
    promote = _processing(
        session, config, contents, Stage(PROMOTE, "Make the candidate champion", (), takes)
    )
    verdict = {
        "Type": "Equals",
        "LeftValue": _verdict("passed"),
        "RightValue": True,
    }
    refused = {"Name": "refused", "Type": "Fail", "Arguments": {"ErrorMessage": _verdict("reason")}}
    choice = {"Conditions": [verdict], "IfSteps": [promote], "ElseSteps": [refused]}
    passed = {"Name": "passed", "Type": "Condition", "Arguments": choice, "DependsOn": [GATE]}
    return [gate, passed]


def _verdict(path: str) -> Json:
    return {
        "Std:JsonGet": {
            "PropertyFile": {"Get": f"Steps.{GATE}.PropertyFiles.{GATE}"},
            "Path": path,
        }
    }


def _processing(session: Session, config: Config, contents: Contents, stage: Stage) -> Json:
    on_gpu = stage.name in ON_GPU
    job = config.compute.job
    machine = instance(job.instance_type if on_gpu else CPU)
    parameter = "GenerationInstanceType" if on_gpu else "ProcessingInstanceType"
    inputs: list[tuple[str, Any, str]] = [
        ("code", contents.code, "code"),
        ("config", contents.config, "config"),
        *((name, _made_by(session, name), f"input/{name}") for name in stage.takes),
    ]
    if stage.name in ("clean", "split"):
        inputs.append(("raw", contents.raw, "input/raw"))
    cluster: Json = {
        "InstanceCount": 1,
        "InstanceType": {"Get": f"Parameters.{parameter}"},
        "VolumeSizeInGB": job.volume_gb or 100,
    }
    output: Json = {
        "OutputName": stage.name,
        "S3Output": {
            "S3Uri": _step_uri(session, stage.name),
            "LocalPath": f"{ROOT}/output",
            "S3UploadMode": "EndOfJob",
        },
    }
    outputs: Json = {"Outputs": [output]}
    if key := config.cloud.kms_key:
        outputs["KmsKeyId"] = key
        if volume := volume_key(machine.name, key):
            cluster["VolumeKmsKeyId"] = volume
    arguments: Json = {
        "AppSpecification": {
            "ImageUri": training_image(machine, session.region),
            "ContainerEntrypoint": [PYTHON, f"{ROOT}/code/pipelines/step.py", stage.name],
        },
        "ProcessingInputs": [_input(*one) for one in inputs],
        "ProcessingOutputConfig": outputs,
        "ProcessingResources": {"ClusterConfig": cluster},
        "StoppingCondition": {"MaxRuntimeInSeconds": _seconds(config)},
        "RoleArn": session.role_arn,
        "Tags": tags(config.cloud, "processing-job"),
    }
    if stage.outs:
        arguments["AppSpecification"]["ContainerArguments"] = list(stage.outs)
    if network := _network(config):
        arguments["NetworkConfig"] = network
    return _step(stage, "Processing", arguments)


def _training(
    session: Session, config: Config, contents: Contents, stage: Stage, made: Mapping[str, str]
) -> Json:
    """The training job of `radimpress.cloud.jobs.request`, on what the steps before have made.

    Its checkpoints lie below the execution's id: an interruption is survived, and no other
    execution resumes them. Machines are not kept warm: nothing follows that would take them over.

    `made`: each out of the pipeline, and the step that makes it.
    """
    job = config.compute.job
    machine = instance(job.instance_type)
    channels = {"code": contents.train_code, "config": contents.train_config} | {
        channel: _step_uri(session, made[path], path) for channel, path in TRAIN.items()
    }
    output: Json = {"S3OutputPath": _step_uri(session, "train"), "CompressionType": "NONE"}
    if key := config.cloud.kms_key:
        output["KmsKeyId"] = key
    running = execution(config, _step_uri(session, stage.name, "checkpoints"))
    running["ResourceConfig"]["InstanceType"] = {"Get": "Parameters.TrainingInstanceType"}
    arguments: Json = {
        "AlgorithmSpecification": {
            "TrainingImage": job.image or training_image(machine, session.region),
            "TrainingInputMode": "File",
            "ContainerEntrypoint": [PYTHON, "/opt/ml/input/data/code/pipelines/job.py"],
            "MetricDefinitions": [{"Name": n, "Regex": r} for n, r in METRICS.items()],
        },
        "InputDataConfig": [_channel(name, uri) for name, uri in channels.items()],
        "OutputDataConfig": output,
        "Environment": variables(config),
        "RoleArn": session.role_arn,
        "Tags": tags(config.cloud, "training-job"),
    } | running
    if vpc := _network(config).get("VpcConfig"):
        arguments["VpcConfig"] = vpc
    return _step(stage, "Training", arguments)


def _step(stage: Stage, kind: str, arguments: Json) -> Json:
    step: Json = {"Name": stage.name, "Type": kind, "Arguments": arguments}
    step["Description"] = stage.about
    return step | ({"DependsOn": list(stage.takes)} if stage.takes else {})


def _step_uri(session: Session, step: str, path: str = "") -> Json:
    """Where a step writes: below the id of the execution, so that two never meet."""
    parts: list[Any] = [f"s3://{session.bucket}/pipelines"]
    parts += [{"Get": "Execution.PipelineExecutionId"}, step]
    return {"Std:Join": {"On": "/", "Values": [*parts, *([path] if path else [])]}}


def _made_by(session: Session, step: str) -> Json:
    """What a step has made; a training's place holds the name that SageMaker gave the job."""
    if step == "train":
        return {"Get": "Steps.train.ModelArtifacts.S3ModelArtifacts"}
    return _step_uri(session, step)


def _input(name: str, uri: Any, path: str) -> Json:
    source = {"S3Uri": uri, "LocalPath": f"{ROOT}/{path}", "S3DataType": "S3Prefix"}
    return {"InputName": name, "S3Input": source | {"S3InputMode": "File"}}


def _channel(name: str, uri: Any) -> Json:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "DataSource": {"S3DataSource": source}}


def _parameter(name: str, default: str) -> Json:
    return {"Name": name, "Type": "String", "DefaultValue": default}


def _seconds(config: Config) -> int:
    return math.ceil(config.compute.job.max_hours * 3600)


def _network(config: Config) -> Mapping[str, Any]:
    cloud = config.cloud
    if not cloud.subnets:
        return {}
    groups = {"SecurityGroupIds": list(cloud.security_groups), "Subnets": list(cloud.subnets)}
    return {"VpcConfig": groups}
