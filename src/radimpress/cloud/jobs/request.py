"""A stage as a training job: image, machine, channels, limits, and what it may cost at most."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from omegaconf import OmegaConf

from radimpress.cloud.instances import instance
from radimpress.cloud.jobs.channels import inputs
from radimpress.cloud.jobs.declaration import declaration
from radimpress.cloud.jobs.identity import Identity
from radimpress.cloud.jobs.images import training_image
from radimpress.cloud.jobs.trainer import model_trainer, request_of
from radimpress.cloud.jobs.wheel import source_bundle
from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_folder
from radimpress.cloud.tags import COMMIT, KEY, tagged, tags
from radimpress.cloud.volumes import volume_key
from radimpress.config.schema import Config
from radimpress.tracking.record_lines import METRICS
from radimpress.tracking.store import REACHED, shared_uri

KIND = "training-job"
RESULT = "radimpress:result"
COMMAND = "exec $SM_PYTHON_CMD pipelines/job.py"  # exec: signals reach our program
CHECKPOINTS = "/opt/ml/checkpoints"
LEAST_VOLUME_GB = 30
WAIT_FACTOR = 2  # how much longer than its own time a spot job may wait for machines
RETRIES = 3  # by SageMaker itself, of its own faults


def output_uri(session: Session, identity: Identity) -> str:
    """Where the jobs of a key write; each in a folder of its own name below it."""
    return f"s3://{session.bucket}/jobs/{identity.key}/output/"


def checkpoints_uri(session: Session, identity: Identity) -> str:
    """Where the jobs of a key keep their checkpoints."""
    return f"s3://{session.bucket}/jobs/{identity.key}/checkpoints/"


def job_request(
    session: Session, config: Config, identity: Identity, attempt: int, lineage: Mapping[str, str]
) -> dict[str, Any]:
    """What CreateTrainingJob is asked for. Uploads whatever of it is not in S3 yet.

    `lineage` are the tags of the MLflow run, which the job cannot find out by itself. The
    configuration travels as a file and not as hyperparameters: the drivers of SageMaker's SDK pass
    those through a shell, where an apostrophe ends the job.
    """
    from sagemaker.core.shapes import RetryStrategy
    from sagemaker.core.training.configs import (
        CheckpointConfig,
        Compute,
        InputData,
        MetricDefinition,
        Networking,
        OutputDataConfig,
        SourceCode,
        StoppingCondition,
        Tag,
    )

    job, cloud, compute = config.compute.job, config.cloud, config.compute
    seconds = math.ceil(job.max_hours * 3600)
    more = {KEY: identity.key, RESULT: identity.result}
    if commit := lineage.get("radimpress.git_commit"):
        more[COMMIT] = commit
    network: dict[str, Any] = {
        "enable_network_isolation": cloud.network_isolation,
        "enable_inter_container_traffic_encryption": compute.nodes > 1,
    }
    if cloud.subnets:
        network |= {
            "subnets": list(cloud.subnets),
            "security_group_ids": list(cloud.security_groups),
        }
    channels = {one.channel: one.uri(session) for one in inputs(config, identity.stage)}
    channels["config"] = _settings(session, config, identity, lineage)
    settings: dict[str, Any] = {
        "base_job_name": identity.job_name(attempt),
        "training_image": job.image or training_image(instance(job.instance_type), session.region),
        "source_code": SourceCode(
            source_dir=_sources(session, config, identity.stage), command=COMMAND
        ),
        "compute": Compute(
            instance_type=job.instance_type,
            instance_count=compute.nodes,
            volume_size_in_gb=job.volume_gb or volume_gb(config),
            volume_kms_key_id=volume_key(job.instance_type, cloud.kms_key),
            keep_alive_period_in_seconds=job.keep_alive_minutes * 60 or None,
            enable_managed_spot_training=job.spot or None,
        ),
        "networking": Networking(**network),
        "stopping_condition": StoppingCondition(
            max_runtime_in_seconds=seconds,
            max_wait_time_in_seconds=seconds * WAIT_FACTOR if job.spot else None,
        ),
        "output_data_config": OutputDataConfig(
            s3_output_path=output_uri(session, identity),
            kms_key_id=cloud.kms_key,
            compression_type="NONE",
        ),
        "input_data_config": [
            InputData(channel_name=channel, data_source=uri) for channel, uri in channels.items()
        ],
        "environment": environment(session, config, attempt),
        "tags": [Tag(key=k, value=v) for k, v in tagged(tags(cloud, KIND, more)).items()],
    }
    if job.checkpoints:
        uri = checkpoints_uri(session, identity)
        settings["checkpoint_config"] = CheckpointConfig(s3_uri=uri, local_path=CHECKPOINTS)
    trainer = model_trainer(session, **settings)
    trainer.with_metric_definitions(
        [MetricDefinition(name=name, regex=regex) for name, regex in METRICS.items()]
    )
    if job.spot:
        trainer.with_retry_strategy(RetryStrategy(maximum_retry_attempts=RETRIES))
    return request_of(trainer) | {"TrainingJobName": identity.job_name(attempt)}


def environment(session: Session, config: Config, attempt: int) -> dict[str, str]:
    """The container's variables. None holds a secret: AWS shows them to whoever may look."""
    variables = {
        "RADIMPRESS_ATTEMPT": str(attempt),
        "PYTHONUNBUFFERED": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    if config.compute.job.checkpoints:
        variables["RADIMPRESS_CHECKPOINTS"] = CHECKPOINTS
    if uri := reached_store(session, config):
        variables[REACHED] = uri
    return variables


def reached_store(session: Session, config: Config) -> str | None:
    """The MLflow store that the job itself writes to; None where only this machine reaches it."""
    if config.cloud.network_isolation:
        return None
    return shared_uri(config.tracking, same_machine=session.is_loopback)


def volume_gb(config: Config) -> int:
    """Room for what the image takes, the foundation, the model, and every checkpoint.

    A checkpoint holds the weights and AdamW's two moments, all in fp32: 12 bytes a parameter. Old
    ones are deleted here but stay in S3, and a job that resumes gets them all.
    """
    from radimpress.modeling.memory import FLAN, parameters

    shape = FLAN.get(config.model.name)  # a tiny one fits any volume
    weights = 4 * parameters(shape) if shape else 0
    checkpoints = 3 * weights * (config.training.evaluations + 1)
    return LEAST_VOLUME_GB + math.ceil((2 * weights + checkpoints) / 1e9)


def _sources(session: Session, config: Config, stage: str) -> str:
    tracks = stage == "train" and reached_store(session, config) is not None
    with TemporaryDirectory() as folder:
        return put_folder(session, source_bundle(Path(folder) / "code", stage, tracks))


def _settings(
    session: Session, config: Config, identity: Identity, lineage: Mapping[str, str]
) -> str:
    layout = {
        "stage": identity.stage,
        "inputs": {one.channel: one.path.as_posix() for one in inputs(config, identity.stage)},
        "outs": list(declaration(identity.stage).outs),
        "isolated": config.cloud.network_isolation,
    }
    with TemporaryDirectory() as folder:
        at = Path(folder)
        OmegaConf.save(OmegaConf.structured(config), at / "params.yaml")
        (at / "job.json").write_text(json.dumps(layout, indent=2, sort_keys=True) + "\n")
        (at / "lineage.json").write_text(json.dumps(dict(lineage), indent=2, sort_keys=True) + "\n")
        return put_folder(session, at)
