"""CreateHyperParameterTuningJob, from the request of a single training.

Built here and not by the SDK's HyperparameterTuner: that uploads the source under the time of day,
so that no second sweep would find it, and needs its own name for the job.
"""

import tarfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from radimpress.cloud.jobs.declaration import ROOT
from radimpress.cloud.jobs.identity import identity
from radimpress.cloud.jobs.request import job_request
from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_folder
from radimpress.cloud.sweeps.hyperparameters import METRIC, PATTERN
from radimpress.cloud.sweeps.space import SEED, Interval, Space, Strategy
from radimpress.cloud.tags import KEY, tags
from radimpress.config.schema import Config

KIND = "tuning-job"
PROGRAM = "trial.py"
AWS_STRATEGY = {
    Strategy.grid: "Grid",
    Strategy.random: "Random",
    Strategy.bayesian: "Bayesian",
}
TAKEN_OVER = (
    *("RoleArn", "VpcConfig", "ResourceConfig", "StoppingCondition", "EnableNetworkIsolation"),
    *("EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining", "RetryStrategy"),
)  # members that a tuner's definition of its jobs shares with CreateTrainingJob
DRIVERS = "sm_drivers"  # the channel of ModelTrainer's own start, which a tuner cannot call


def tuning_request(
    session: Session,
    config: Config,
    space: Space,
    strategy: Strategy,
    trials: int,
    parallel: int,
    name: str,
    key: str,
    lineage: Mapping[str, str],
) -> dict[str, Any]:
    """What CreateHyperParameterTuningJob is asked for. Uploads whatever of it is not in S3 yet."""
    single = job_request(session, config, identity(config, "train"), 1, lineage)
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobConfig": {
            "Strategy": AWS_STRATEGY[strategy],
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": METRIC},
            "ResourceLimits": {
                "MaxNumberOfTrainingJobs": trials,
                "MaxParallelTrainingJobs": min(parallel, trials),
            },
            "ParameterRanges": _ranges(space),
            "TrainingJobEarlyStoppingType": "Off",  # ours stops early by itself (training.patience)
            "RandomSeed": SEED,
        },
        "TrainingJobDefinition": _definition(session, single, f"sweeps/{key}"),
        "Tags": tags(config.cloud, KIND, {KEY: key}),
    }


def _definition(session: Session, single: Mapping[str, Any], folder: str) -> dict[str, Any]:
    algorithm, output = single["AlgorithmSpecification"], single["OutputDataConfig"]
    definition = {name: single[name] for name in TAKEN_OVER if name in single}
    resources = dict(definition["ResourceConfig"])
    resources.pop("KeepAlivePeriodInSeconds", None)  # AWS refuses warm pools for tuners
    environment = dict(single["Environment"])
    if definition.get("EnableManagedSpotTraining"):
        uri = f"s3://{session.bucket}/{folder}/checkpoints/"  # each trial in a folder of its key
        definition["CheckpointConfig"] = single["CheckpointConfig"] | {"S3Uri": uri}
    else:
        environment.pop("RADIMPRESS_CHECKPOINTS", None)
    channels = single["InputDataConfig"]
    return definition | {
        "AlgorithmSpecification": {
            "TrainingImage": algorithm["TrainingImage"],
            "TrainingInputMode": algorithm["TrainingInputMode"],
            "MetricDefinitions": [
                *algorithm["MetricDefinitions"],
                {"Name": METRIC, "Regex": PATTERN},
            ],
        },
        "StaticHyperParameters": {
            "sagemaker_program": PROGRAM,
            "sagemaker_submit_directory": _program(session),
        },
        "InputDataConfig": [one for one in channels if one["ChannelName"] != DRIVERS],
        "OutputDataConfig": output | {"S3OutputPath": f"s3://{session.bucket}/{folder}/output/"},
        "ResourceConfig": resources,
        "Environment": environment,
    }


def _ranges(space: Space) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if space.choices:
        made["CategoricalParameterRanges"] = [
            {"Name": one.name, "Values": list(one.values)} for one in space.choices
        ]
    if space.intervals:
        made["ContinuousParameterRanges"] = [_continuous(one) for one in space.intervals]
    return made


def _continuous(one: Interval) -> dict[str, str]:
    scaling = "Logarithmic" if one.log else "Linear"
    ends = {"MinValue": repr(one.low), "MaxValue": repr(one.high)}
    return {"Name": one.name, "ScalingType": scaling} | ends


def _program(session: Session) -> str:
    """The archive that SageMaker's toolkit starts: one file, the same bytes each time."""
    text = (ROOT / "pipelines" / PROGRAM).read_bytes()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "source.tar"
        with tarfile.open(path, "w") as archive:
            entry = tarfile.TarInfo(PROGRAM)
            entry.size = len(text)
            archive.addfile(entry, BytesIO(text))
        compressed = Path(folder) / "sourcedir" / "sourcedir.tar.gz"
        compressed.parent.mkdir()
        compressed.write_bytes(_gzip(path.read_bytes()))
        return put_folder(session, compressed.parent) + compressed.name


def _gzip(data: bytes) -> bytes:
    import gzip

    return gzip.compress(data, mtime=0)
