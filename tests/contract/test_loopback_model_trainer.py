"""The SDK's own ModelTrainer and its drivers run on the loopback, on one host and on two."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from loopback.server import Loopback

BUCKET = "radimpress-123456789012-us-east-1"
ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"

ALL_REDUCE = """
import json, os, pathlib, socket, sys
import torch, torch.distributed as dist
dist.init_process_group("gloo")
number = torch.tensor([float(dist.get_rank() + 1)])
dist.all_reduce(number)
line = f"rank {dist.get_rank()} on {socket.gethostname()} of {dist.get_world_size()}"
os.write(1, f"{line} sum {number.item()}\\n".encode())  # one write: unbuffered prints of two mix
model = pathlib.Path(os.environ["SM_MODEL_DIR"])
(model / f"rank-{dist.get_rank()}.json").write_text(json.dumps(sys.argv[1:]))
dist.barrier()
dist.destroy_process_group()
"""


def train(loop: "Loopback", folder: Path, hosts: int, **more: Any) -> dict[str, Any]:
    """Train with the SDK; what Describe tells."""
    from sagemaker.core.helper.session_helper import Session
    from sagemaker.train import ModelTrainer
    from sagemaker.train.configs import Compute, OutputDataConfig, SourceCode, StoppingCondition

    (folder / "code").mkdir()
    (folder / "code" / "train.py").write_text(more.pop("program"))
    session = Session(
        boto_session=loop.boto,
        sagemaker_client=loop.client("sagemaker"),
        sagemaker_runtime_client=loop.client("sagemaker-runtime"),
        default_bucket=BUCKET,
    )
    trainer = ModelTrainer(
        sagemaker_session=session,
        role=ROLE,
        training_image="763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.6.0",
        source_code=SourceCode(source_dir=str(folder / "code"), entry_script="train.py"),
        compute=Compute(instance_type="ml.m5.large", instance_count=hosts, volume_size_in_gb=10),
        stopping_condition=StoppingCondition(max_runtime_in_seconds=100),
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{BUCKET}/out"),
        base_job_name="toy",
        **more,
    )
    trainer.train(wait=False, logs=False)
    name = trainer._latest_training_job.training_job_name
    sagemaker = loop.client("sagemaker")
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(
        TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
    )
    return dict(sagemaker.describe_training_job(TrainingJobName=name))


def lines(loop: "Loopback", name: str) -> list[str]:
    """The log of every host."""
    logs, group = loop.client("logs"), "/aws/sagemaker/TrainingJobs"
    found = logs.filter_log_events(logGroupName=group, logStreamNamePrefix=f"{name}/", limit=9999)
    return [event["message"] for event in found["events"]]


def test_the_basic_driver_passes_hyperparameters_as_arguments(
    loopback: "Loopback", tmp_path: Path
) -> None:
    program = "import sys, pathlib; print('told', sys.argv[1:], pathlib.Path.cwd())"
    job = train(loopback, tmp_path, 1, program=program, hyperparameters={"epochs": 3})
    told = lines(loopback, job["TrainingJobName"])
    assert job["TrainingJobStatus"] == "Completed", (job.get("FailureReason"), told[-20:])
    assert "told ['--epochs', '3'] /opt/ml/input/data/code" in told


@pytest.mark.slow
@pytest.mark.parametrize("hosts", [1, 2])
def test_torchrun_adds_up_over_processes_and_hosts(
    loopback: "Loopback", tmp_path: Path, hosts: int
) -> None:
    from sagemaker.train.distributed import Torchrun

    distributed = Torchrun(process_count_per_node=3 - hosts)
    job = train(loopback, tmp_path, hosts, program=ALL_REDUCE, distributed=distributed)
    told = lines(loopback, job["TrainingJobName"])
    assert job["TrainingJobStatus"] == "Completed", (job.get("FailureReason"), told[-20:])
    ranks = sorted(line for line in told if line.startswith("rank"))
    second = f"algo-{hosts}"
    assert ranks == [
        "rank 0 on algo-1 of 2 sum 3.0",
        f"rank 1 on {second} of 2 sum 3.0",
    ]
