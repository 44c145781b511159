"""The stage `train` by JumpStart: a job found again or started, and its model brought back."""

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from radimpress.cloud.jobs.channels import FOUNDATION, SPLITS
from radimpress.cloud.jobs.follower import Follower
from radimpress.cloud.jobs.identity import Identity, identity
from radimpress.cloud.jobs.interruption import interrupted
from radimpress.cloud.jobs.permission import refuse_unaffordable, refuse_unwanted
from radimpress.cloud.jobs.search import Started, read_job, started
from radimpress.cloud.jumpstart.archive import take_model
from radimpress.cloud.jumpstart.request import jumpstart_request
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session, open_session
from radimpress.cloud.storage import Address, exists
from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Access, Config
from radimpress.modeling.history import COLUMNS
from radimpress.modeling.recipe import trained_recipe
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.errors import next_step

NAMED = "jumpstart"  # what model.name must contain
OUT, HISTORY = Path("models/finetuned"), Path("reports/training")


def train_at_jumpstart(config: Config) -> None:
    """Fine-tune by JumpStart, and leave models/finetuned and reports/training as `train` would.

    Raises RadimpressError for a model whose name does not say so: DVC would take JumpStart's model
    for the one of our own training, since the place of computation is no parameter of the stage.
    """
    if NAMED not in config.model.name:
        raise next_step(
            f"compute={config.compute.name} makes another model than our training does, and "
            f"model.name={config.model.name} does not say so",
            f"add -S experiment=jumpstart, or -S model.name={config.model.name}_{NAMED}",
        )
    session = open_session(config.cloud)
    refuse_unwanted(session, config)
    who = jumpstart_identity(config)
    job = _completed(session, config, who)
    base = f"{config.compute.job.jumpstart_model} by JumpStart"
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "model.tar.gz"
        source = Address.of(_archive_uri(session, who, job.name))
        with spoken(f"read {source.uri}"):
            session.client("s3").download_file(source.bucket, source.key, str(archive))
        take_model(archive, OUT, FOUNDATION, trained_recipe(config, base))
    _write_history(job.name)


def jumpstart_identity(config: Config) -> Identity:
    """Which job this is: what our training would be named by, and JumpStart's settings."""
    ours, job = identity(config, "train"), config.compute.job
    settings = (job.jumpstart_model, job.jumpstart_version, job.jumpstart_template)
    key = fingerprint(ours.key, settings)[:32]
    return Identity(config.cloud.project, NAMED, key, fingerprint(key))


def refuse_foreign_bucket(session: Session, config: Config) -> None:
    """Raise RadimpressError where text that is not public would leave the account."""
    if config.data.access is Access.public:
        return
    with spoken(f"ask whether {session.bucket} is of this account"):
        session.client("s3").head_bucket(Bucket=session.bucket, ExpectedBucketOwner=session.account)


def _completed(session: Session, config: Config, who: Identity) -> Started:
    jobs = sorted(started(session, who), key=lambda job: -job.attempt)
    for job in jobs:
        whole = exists(session, _archive_uri(session, who, job.name))
        if job.is_running or (job.status == "Completed" and whole):
            print(f"attached to {job.name} ({job.status})", file=sys.stderr, flush=True)
            return _followed(session, config, job)
    refuse_foreign_bucket(session, config)
    refuse_unaffordable(_as_ours(config))
    attempt = jobs[0].attempt + 1 if jobs else 1
    request = jumpstart_request(session, config, who, attempt, SPLITS)
    name = request["TrainingJobName"]
    with spoken(f"create the training job {name}"):
        session.client("sagemaker").create_training_job(**request)
    print(f"started {name}", file=sys.stderr, flush=True)
    return _followed(session, config, read_job(session, name, attempt))


def _as_ours(config: Config) -> Config:
    """The plan is of our training on that machine; JumpStart's own speed is not known."""
    name = config.model.name.removesuffix(f"_{NAMED}")
    return replace(config, model=replace(config.model, name=name))


def _followed(session: Session, config: Config, job: Started) -> Started:
    try:
        outcome = Follower(session, job.name, lambda _: None).follow()
    except KeyboardInterrupt:
        interrupted(session, job.name, config.compute.job.on_interrupt)
        raise
    if outcome.status != "Completed":
        raise next_step(
            f"{job.name} ended as {outcome.status}: {outcome.reason or outcome.secondary}",
            f"look at its log (/aws/sagemaker/TrainingJobs {job.name}/), mend it, run the same",
        )
    return job


def _archive_uri(session: Session, who: Identity, job: str) -> str:
    return f"s3://{session.bucket}/jobs/{who.key}/output/{job}/output/model.tar.gz"


def _write_history(job: str) -> None:
    """JumpStart tells no curve in a form that is promised, so the history is empty."""
    with whole_folder(HISTORY) as folder:
        with (folder / "history.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerow(COLUMNS)
        summary = {"trained_by": NAMED, "job": job}
        (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
