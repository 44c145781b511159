"""A batch from one file of reports to one file of impressions, whatever stops it on the way."""

import sys
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from radimpress.cloud.batch import job as jobs
from radimpress.cloud.batch.corpus_input import CorpusInput
from radimpress.cloud.batch.estimate import estimate, refuse_dear_batch
from radimpress.cloud.batch.gathering import gather, is_done
from radimpress.cloud.batch.job import BatchJob
from radimpress.cloud.batch.store import BucketStore, LocalStore, Store
from radimpress.cloud.batch.work import SHARD, Settings, Shard, batch_key
from radimpress.cloud.jobs.permission import refuse_unwanted
from radimpress.cloud.session import Session, open_session
from radimpress.config.job import OnInterrupt, Place
from radimpress.config.schema import Config
from radimpress.corpus.report import Report, write_reports
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import Meter

UPLOADS = 8  # shards on their way at once; as many are on disk here
POLL_S, LOOPBACK_POLL_S = 15.0, 0.3


def run_batch(
    config: Config, model: Path, source: Path, output: str, size: int = SHARD, machines: int = 1
) -> int:
    """Summarize every report of `source` into `output`; how many there were.

    With compute.place=local the shards are written here, else by a processing job of `machines`
    compute.job.instance_type. Killed or failed anywhere, the same call does only what
    is missing; a running job is attached to. Raises RadimpressError where the ceiling of cost is
    too low, where a job fails without having finished a shard, and where one was stopped: a
    teardown must not be answered with another job.
    """
    if not source.is_file():
        raise next_step(f"{source} is missing", "give an existing .parquet or .jsonl file")
    is_local = config.compute.place is Place.local
    session = None if is_local and not output.startswith("s3://") else open_session(config.cloud)
    digests = file_sha256(source), folder_sha256(model)
    key = batch_key(*digests, Settings.of(config), size)
    bucket = None
    if session is not None and not is_local:
        refuse_unwanted(session, config)
        bucket = BucketStore(session, key)
    if is_done(session, output, key):
        (bucket or LocalStore(key)).discard()  # what a killed process left behind
        print(f"{output} holds the whole result already", file=sys.stderr)
        return 0
    if session is not None and bucket is not None:
        shards, sample = _split(source, bucket, size)
        _write_remotely(session, config, key, model, bucket, shards, sample, machines)
        store: Store = bucket
    else:
        folder = LocalStore(key)
        shards, _ = _split(source, folder, size)
        _write_here(config, model, folder)
        store = folder
    facts = {"key": key, "input_sha256": digests[0], "model_sha256": digests[1]}
    count = gather(session, store, shards, output, facts)
    store.discard()
    return count


def _split(source: Path, store: Store, size: int) -> tuple[list[Shard], list[Report]]:
    """Put every shard into `store`; what they are, and the first one as a sample."""
    shards: list[Shard] = []
    sample: list[Report] = []
    waiting: deque[Future[None]] = deque()
    with (
        TemporaryDirectory(prefix="radimpress-") as scratch,
        ThreadPoolExecutor(UPLOADS) as pool,
        Meter("shard reports") as meter,
    ):
        for number, reports in enumerate(CorpusInput(source).shards(size)):
            path = Path(scratch) / f"{number}.parquet"
            write_reports(path, reports)
            shard = Shard.of(number, reports, file_sha256(path))
            shards.append(shard)
            sample = sample or reports
            waiting.append(pool.submit(_put, store, path, shard.name))
            if len(waiting) > UPLOADS:
                waiting.popleft().result()
            meter.advance(len(reports))
        while waiting:
            waiting.popleft().result()
    if not shards:
        raise next_step(f"{source} holds no report", "give a file with at least one")
    return shards, sample


def _put(store: Store, path: Path, name: str) -> None:
    store.put(path, name)
    path.unlink(missing_ok=True)


def _write_here(config: Config, model: Path, store: LocalStore) -> None:
    from radimpress.cloud.batch.worker import write_shards

    write_shards(model, store.input, store.output, Settings.of(config))


def _write_remotely(
    session: Session,
    config: Config,
    key: str,
    model: Path,
    store: BucketStore,
    shards: Sequence[Shard],
    sample: list[Report],
    machines: int,
) -> None:
    """Let jobs write what is missing, one after another as long as each finishes some shard."""
    while missing := _missing(store, shards):
        known = jobs.jobs_of(session, key)
        job = next((each for each in known if each.is_running), None)
        if job is not None:
            print(f"attached to {job.name}", file=sys.stderr, flush=True)
        else:
            job = _started(session, config, key, model, store, missing, known, sample, machines)
        ended = _followed(session, config, store, job, shards)
        left = _missing(store, shards)
        if left and ended.was_stopped:
            raise next_step(
                f"{ended.name} was stopped; {len(left)} of {len(shards)} shards are missing",
                "run the same again to go on: it does only those",
            )
        if len(left) == len(missing) and ended.attempt not in {e.attempt for e in known}:
            raise next_step(
                f"{ended.name} ended ({ended.state}) without a finished shard: "
                f"{ended.reason or 'AWS gives no reason'}",
                "its log is /aws/sagemaker/ProcessingJobs in CloudWatch; then run the same again",
            )
        if left:
            why = f": {ended.reason}" if ended.reason else ""
            print(
                f"{ended.name} ended ({ended.state}{why}); {len(left)} of {len(shards)} shards "
                "are missing",
                file=sys.stderr,
                flush=True,
            )


def _missing(store: Store, shards: Sequence[Shard]) -> list[Shard]:
    finished = store.finished()
    return [shard for shard in shards if shard.name not in finished]


def _started(
    session: Session,
    config: Config,
    key: str,
    model: Path,
    store: BucketStore,
    missing: Sequence[Shard],
    known: Sequence[BatchJob],
    sample: list[Report],
    machines: int,
) -> BatchJob:
    """A new job for what is missing, after its plan was shown and found affordable."""
    machines = min(machines, len(missing))  # AWS refuses more machines than files
    reports = sum(shard.reports for shard in missing)
    spent = sum(job.machine_hours for job in known)
    planned = estimate(config, model, reports, sample, machines, spent)
    print(planned, file=sys.stderr, flush=True)
    refuse_dear_batch(planned, config)
    attempt = max((job.attempt for job in known), default=0) + 1
    job = jobs.start(session, config, key, attempt, model, store, missing, planned)
    print(f"started {job.name}", file=sys.stderr, flush=True)
    return job


def _followed(
    session: Session, config: Config, store: Store, job: BatchJob, shards: Sequence[Shard]
) -> BatchJob:
    """Wait until the job ends; progress is what lies in S3."""
    poll_s = LOOPBACK_POLL_S if session.is_loopback else POLL_S
    try:
        with Meter(f"{job.name} shards", len(shards)) as meter:
            while True:
                job = jobs.read_job(session, job.name)
                meter.advance(len(store.finished()) - meter.done)
                if not job.is_running:
                    return job
                time.sleep(poll_s)
    except KeyboardInterrupt:
        if config.compute.job.on_interrupt is OnInterrupt.stop:
            jobs.stop(session, job.name)
            print(f"{job.name} is stopped; finished shards stay", file=sys.stderr)
        else:
            print(
                f"{job.name} goes on; the same command attaches to it again, "
                f"`aws sagemaker stop-processing-job --processing-job-name {job.name}` ends it",
                file=sys.stderr,
            )
        raise
