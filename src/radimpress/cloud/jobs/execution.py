"""How a training job runs: its machines, its time, and what it survives.

As members of CreateTrainingJob, for every training that is not a person's own: a stage as a job, a
sweep's trials (which take them over from a job's request), and a scheduled pipeline's step.
"""

import math
from typing import Any

from radimpress.cloud.volumes import volume_key
from radimpress.config.schema import Config

CHECKPOINTS = "/opt/ml/checkpoints"
LEAST_VOLUME_GB = 30
WAIT_FACTOR = 2  # how much longer than its own time a spot job may wait for machines
RETRIES = 3  # by SageMaker itself, of its own faults


def execution(config: Config, checkpoints: Any) -> dict[str, Any]:
    """Machines, limits, spot with its retries, and checkpoints, as `compute.job` asks for them.

    `checkpoints` is the S3 address of the folder, or what stands for one in a pipeline.
    """
    compute, job = config.compute, config.compute.job
    seconds = math.ceil(job.max_hours * 3600)
    resources: dict[str, Any] = {
        "InstanceType": job.instance_type,
        "InstanceCount": compute.nodes,
        "VolumeSizeInGB": job.volume_gb or volume_gb(config),
    }
    if key := volume_key(job.instance_type, config.cloud.kms_key):
        resources["VolumeKmsKeyId"] = key
    members: dict[str, Any] = {
        "ResourceConfig": resources,
        "StoppingCondition": {"MaxRuntimeInSeconds": seconds},
        "EnableInterContainerTrafficEncryption": compute.nodes > 1,
    }
    if job.spot:
        members["EnableManagedSpotTraining"] = True
        members["StoppingCondition"]["MaxWaitTimeInSeconds"] = seconds * WAIT_FACTOR
        members["RetryStrategy"] = {"MaximumRetryAttempts": RETRIES}
    if job.checkpoints:
        members["CheckpointConfig"] = {"S3Uri": checkpoints, "LocalPath": CHECKPOINTS}
    return members


def variables(config: Config) -> dict[str, str]:
    """What the program of any training job is told by its environment."""
    told = {"PYTHONUNBUFFERED": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    if config.compute.job.checkpoints:
        told["RADIMPRESS_CHECKPOINTS"] = CHECKPOINTS
    return told


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
