"""The training job that JumpStart's catalogue describes: its image, script, weights, our data."""

import math
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from radimpress.cloud.jobs.identity import Identity
from radimpress.cloud.jobs.request import output_uri
from radimpress.cloud.jobs.trainer import request_of, sdk_session
from radimpress.cloud.jumpstart.dataset import write_dataset
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_files
from radimpress.cloud.tags import KEY, tagged, tags
from radimpress.cloud.volumes import volume_key
from radimpress.config.schema import Config

KIND = "training-job"


def jumpstart_request(
    session: Session, config: Config, who: Identity, attempt: int, splits: Path
) -> dict[str, Any]:
    """What CreateTrainingJob is asked for. Uploads the training split unless it is in S3 already.

    Of our settings only the number of epochs counts; everything else is JumpStart's default, as in
    the reference work. Asks AWS for the catalogue's entry.
    """
    sdk = sdk_session(session)  # before the imports below, which want a region
    from sagemaker.core.jumpstart import JumpStartConfig
    from sagemaker.core.training.configs import (
        Compute,
        InputData,
        Networking,
        OutputDataConfig,
        StoppingCondition,
        Tag,
    )
    from sagemaker.train import ModelTrainer

    job, cloud = config.compute.job, config.cloud
    with TemporaryDirectory() as folder:
        data = put_files(session, write_dataset(config, splits, Path(folder)))
    network: dict[str, Any] = {}
    if cloud.subnets:
        network = {
            "subnets": list(cloud.subnets),
            "security_group_ids": list(cloud.security_groups),
        }
    if cloud.network_isolation:
        network["enable_network_isolation"] = True
    with spoken(f"look up {job.jumpstart_model} in JumpStart"):
        trainer = ModelTrainer.from_jumpstart_config(
            JumpStartConfig(model_id=job.jumpstart_model, model_version=_version(config)),
            compute=Compute(
                instance_type=job.instance_type,
                instance_count=1,
                volume_size_in_gb=job.volume_gb,
                volume_kms_key_id=volume_key(job.instance_type, cloud.kms_key),
            ),
            networking=Networking(**network) if network else None,
            stopping_condition=StoppingCondition(
                max_runtime_in_seconds=math.ceil(job.max_hours * 3600)
            ),
            output_data_config=OutputDataConfig(
                s3_output_path=output_uri(session, who), kms_key_id=cloud.kms_key
            ),
            input_data_config=[InputData(channel_name="training", data_source=data)],
            hyperparameters={"epochs": str(round(config.training.epochs))},
            tags=[
                Tag(key=k, value=v) for k, v in tagged(tags(cloud, KIND, {KEY: who.key})).items()
            ],
            sagemaker_session=sdk,
            role=session.role_arn,
            base_job_name=who.job_name(attempt),
        )
    return request_of(trainer) | {"TrainingJobName": who.job_name(attempt)}


def _version(config: Config) -> str | None:
    """None is the newest."""
    wanted = config.compute.job.jumpstart_version
    return None if wanted == "*" else wanted
