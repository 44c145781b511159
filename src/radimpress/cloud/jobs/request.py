"""A stage as a training job: image, machine, channels, limits, and what it may cost at most."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from omegaconf import OmegaConf

from radimpress.cloud.instances import instance
from radimpress.cloud.jobs.channels import inputs
from radimpress.cloud.jobs.declaration import declaration
from radimpress.cloud.jobs.execution import execution, variables
from radimpress.cloud.jobs.identity import Identity
from radimpress.cloud.jobs.images import training_image
from radimpress.cloud.jobs.trainer import model_trainer, request_of
from radimpress.cloud.jobs.wheel import source_bundle
from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_folder
from radimpress.cloud.tags import COMMIT, KEY, tagged, tags
from radimpress.config.schema import Config
from radimpress.tracking.record_lines import METRICS
from radimpress.tracking.store import REACHED, shared_uri

KIND = "training-job"
RESULT = "radimpress:result"
COMMAND = "exec $SM_PYTHON_CMD pipelines/job.py"  # exec: signals reach our program


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
    from sagemaker.core.training.configs import (
        Compute,
        InputData,
        MetricDefinition,
        Networking,
        OutputDataConfig,
        SourceCode,
        Tag,
    )

    job, cloud, compute = config.compute.job, config.cloud, config.compute
    more = {KEY: identity.key, RESULT: identity.result}
    if commit := lineage.get("radimpress.git_commit"):
        more[COMMIT] = commit
    network: dict[str, Any] = {"enable_network_isolation": cloud.network_isolation}
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
        "compute": Compute(instance_type=job.instance_type, instance_count=compute.nodes),
        "networking": Networking(**network),
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
    trainer = model_trainer(session, **settings)
    trainer.with_metric_definitions(
        [MetricDefinition(name=name, regex=regex) for name, regex in METRICS.items()]
    )
    request = request_of(trainer) | execution(config, checkpoints_uri(session, identity))
    if job.keep_alive_minutes:
        request["ResourceConfig"]["KeepAlivePeriodInSeconds"] = job.keep_alive_minutes * 60
    return request | {"TrainingJobName": identity.job_name(attempt)}


def environment(session: Session, config: Config, attempt: int) -> dict[str, str]:
    """The container's variables. None holds a secret: AWS shows them to whoever may look."""
    told = variables(config) | {"RADIMPRESS_ATTEMPT": str(attempt)}
    if uri := reached_store(session, config):
        told[REACHED] = uri
    return told


def reached_store(session: Session, config: Config) -> str | None:
    """The MLflow store that the job itself writes to; None where only this machine reaches it."""
    if config.cloud.network_isolation:
        return None
    return shared_uri(config.tracking, same_machine=session.is_loopback)


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
