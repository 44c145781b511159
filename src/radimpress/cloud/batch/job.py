"""A batch as a SageMaker processing job: N machines, each with its share of the missing shards.

A processing job and not batch transform: it runs our own program, which decodes whole shards with
the fast engine instead of answering HTTP requests; it uploads every shard when it is finished, so a
lost machine loses one; and a list of shards, a manifest, says what is still to do.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from radimpress.cloud.batch.estimate import Estimate
from radimpress.cloud.batch.store import BucketStore
from radimpress.cloud.batch.work import Settings, Shard
from radimpress.cloud.instances import instance
from radimpress.cloud.jobs.images import training_image
from radimpress.cloud.jobs.wheel import source_bundle
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_folder, put_text
from radimpress.cloud.tags import KEY, tags
from radimpress.cloud.volumes import volume_key
from radimpress.config.schema import Config

KIND = "processing-job"
HERE = "/opt/ml/processing"
COMMAND = ["python3", f"{HERE}/code/pipelines/batch_worker.py"]
RUNNING = ("InProgress", "Stopping")
LEAST_VOLUME_GB = 30
STAGE = "generate"  # whose packages the worker needs
TAKEN = ("ResourceInUse", "ResourceInUseException")


@dataclass(frozen=True, slots=True)
class BatchJob:
    """One processing job of a batch, as it stands."""

    name: str
    attempt: int
    state: str
    reason: str
    machine_hours: float

    @property
    def is_running(self) -> bool:
        """Whether it may still finish shards."""
        return self.state in RUNNING

    @property
    def was_stopped(self) -> bool:
        """Whether somebody ended it, or its time limit did: no reason to start another."""
        return self.state == "Stopped"


def jobs_of(session: Session, key: str) -> list[BatchJob]:
    """Every job of the batch `key`, the newest last."""
    client, prefix = session.client("sagemaker"), _prefix(session, key)
    with spoken("list processing jobs"):
        pages = client.get_paginator("list_processing_jobs").paginate(NameContains=prefix)
        names = [
            one["ProcessingJobName"] for page in pages for one in page["ProcessingJobSummaries"]
        ]
    found = [name for name in names if name.removeprefix(prefix).isdigit()]
    return sorted((read_job(session, name) for name in found), key=lambda job: job.attempt)


def read_job(session: Session, name: str) -> BatchJob:
    """How a job stands."""
    with spoken(f"describe {name}"):
        told = session.client("sagemaker").describe_processing_job(ProcessingJobName=name)
    machines = told["ProcessingResources"]["ClusterConfig"]["InstanceCount"]
    return BatchJob(
        name,
        int(name.rpartition("-")[2]),
        str(told["ProcessingJobStatus"]),
        str(told.get("ExitMessage") or told.get("FailureReason") or ""),
        _hours(told) * machines,
    )


def start(
    session: Session,
    config: Config,
    key: str,
    attempt: int,
    model: Path,
    store: BucketStore,
    missing: Sequence[Shard],
    planned: Estimate,
) -> BatchJob:
    """Create attempt number `attempt` for the shards that are missing."""
    request = _request(session, config, key, attempt, model, store, missing, planned)
    client, name = session.client("sagemaker"), str(request["ProcessingJobName"])
    with spoken(f"create the processing job {name}"):
        try:
            client.create_processing_job(**request)
        except client.exceptions.ClientError as error:
            if error_code(error) not in TAKEN:  # else another client was a moment quicker
                raise
    return read_job(session, name)


def stop(session: Session, name: str) -> None:
    """Stop a job; what it has finished is in S3 already."""
    client = session.client("sagemaker")
    with spoken(f"stop {name}"):
        try:
            client.stop_processing_job(ProcessingJobName=name)
        except client.exceptions.ClientError as error:
            if error_code(error) != "ValidationException":  # it has ended
                raise


def _request(
    session: Session,
    config: Config,
    key: str,
    attempt: int,
    model: Path,
    store: BucketStore,
    missing: Sequence[Shard],
    planned: Estimate,
) -> dict[str, Any]:
    """CreateProcessingJob; uploads what of it is not in S3 yet."""
    cloud, job = config.cloud, config.compute.job
    manifest = f"{store.uri}/manifests/{attempt}.json"
    listed = [{"prefix": store.input}, *(shard.name for shard in missing)]
    put_text(session, json.dumps(listed), manifest)
    key_of_volume = volume_key(job.instance_type, cloud.kms_key)
    cluster: dict[str, Any] = {
        "InstanceCount": planned.machines,
        "InstanceType": job.instance_type,
        "VolumeSizeInGB": job.volume_gb or _volume_gb(model),
        **({"VolumeKmsKeyId": key_of_volume} if key_of_volume else {}),
    }
    network: dict[str, Any] = {"EnableNetworkIsolation": cloud.network_isolation}
    if cloud.subnets:
        groups = list(cloud.security_groups)
        network["VpcConfig"] = {"Subnets": list(cloud.subnets), "SecurityGroupIds": groups}
    output = {
        "S3Uri": store.output.rstrip("/"),
        "LocalPath": f"{HERE}/output",
        "S3UploadMode": "Continuous",
    }
    return {
        "ProcessingJobName": f"{_prefix(session, key)}{attempt}",
        "RoleArn": session.role_arn,
        "AppSpecification": {
            "ImageUri": job.image or training_image(instance(job.instance_type), session.region),
            "ContainerEntrypoint": COMMAND,
        },
        "ProcessingResources": {"ClusterConfig": cluster},
        "ProcessingInputs": [
            _input("code", _code(session)),
            _input("model", put_folder(session, model)),
            _input("settings", _settings(session, config)),
            _input("input", manifest, "ManifestFile", "ShardedByS3Key"),
        ],
        "ProcessingOutputConfig": {
            "Outputs": [{"OutputName": "shards", "S3Output": output}],
            **({"KmsKeyId": cloud.kms_key} if cloud.kms_key else {}),
        },
        "NetworkConfig": network,
        "StoppingCondition": {
            "MaxRuntimeInSeconds": max(60, math.floor(planned.ceiling_hours * 3600))
        },
        "Environment": {"PYTHONUNBUFFERED": "1", "HF_HUB_OFFLINE": "1"},
        "Tags": tags(cloud, KIND, {KEY: key}),
    }


def _input(
    name: str, uri: str, kind: str = "S3Prefix", distribution: str = "FullyReplicated"
) -> dict[str, Any]:
    source = {
        "S3Uri": uri,
        "LocalPath": f"{HERE}/{name}",
        "S3DataType": kind,
        "S3InputMode": "File",
        "S3DataDistributionType": distribution,
    }
    return {"InputName": name, "S3Input": source}


def _code(session: Session) -> str:
    with TemporaryDirectory() as folder:
        return put_folder(session, source_bundle(Path(folder) / "code", STAGE))


def _settings(session: Session, config: Config) -> str:
    job = {"isolated": config.cloud.network_isolation}
    with TemporaryDirectory() as folder:
        for name, plain in (("settings", Settings.of(config).plain()), ("job", job)):
            (Path(folder) / f"{name}.json").write_text(json.dumps(plain, indent=2, sort_keys=True))
        return put_folder(session, Path(folder))


def _volume_gb(model: Path) -> int:
    size = sum(path.stat().st_size for path in model.rglob("*") if path.is_file())
    return LEAST_VOLUME_GB + math.ceil(3 * size / 1e9)  # the model, its conversion, and room


def _prefix(session: Session, key: str) -> str:
    return f"{session.cloud.project}-batch-{key[:12]}-"


def _hours(told: dict[str, Any]) -> float:
    started = told.get("ProcessingStartTime")
    if started is None:
        return 0.0
    ended = told.get("ProcessingEndTime") or datetime.now(UTC)
    return float(max(0.0, (ended - started).total_seconds()) / 3600)
