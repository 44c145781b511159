"""Training jobs, really run: the request's own command, in containers, to its artifacts."""

import fcntl
import math
import time
from dataclasses import dataclass
from enum import Enum
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from loopback import buckets, images
from loopback.call import Call
from loopback.checkpoints import Checkpoints
from loopback.containers import Container, Machine
from loopback.jobs import Failed, Job, Jobs, now
from loopback.layout import hosts, lay_out, local
from loopback.logs import LogStream
from loopback.metrics import MetricReader

if TYPE_CHECKING:
    from loopback.server import Loopback

TICK_S = 0.1
SPOT_SHARE = 0.3  # of the time is billed: a made-up discount, so that the two times differ
PORT_LOCK = Path("/tmp/radimpress-loopback-7777.lock")  # one for this machine
CAPACITY = (
    "CapacityError: Unable to provision requested ML compute capacity. "
    "Please retry using a different ML instance type."
)
INTERNAL = "InternalServerError: We encountered an internal error. Please try again."


class End(Enum):
    """How an attempt ended."""

    completed = "Completed"
    stopped = "Stopped"
    too_long = "MaxRuntimeExceeded"
    interrupted = "Interrupted"
    node_died = "node died"


@dataclass
class Host:
    """One machine of an attempt."""

    name: str
    ml: Path
    container: Container
    checkpoints: Checkpoints | None


class TrainingJob(Job):
    """One CreateTrainingJob."""

    noun, starts, ends = "TrainingJob", "TrainingStartTime", "TrainingEndTime"

    def __init__(self, loop: "Loopback", call: Call, arn: str) -> None:
        super().__init__(loop, call, arn)
        algorithm = self.request["AlgorithmSpecification"]
        self.metrics = MetricReader(algorithm.get("MetricDefinitions", []))
        self.spot = bool(self.request.get("EnableManagedSpotTraining"))
        self.limits: dict[str, int] = self.request.get("StoppingCondition", {})
        self.hosts: list[Host] = []
        self.trained_s = 0.0
        self.created = time.monotonic()
        self.record |= {
            "ModelArtifacts": {"S3ModelArtifacts": ""},
            "SecondaryStatusTransitions": [],
        }
        self.secondary("Starting", "Preparing the instances for training")

    def secondary(self, status: str, message: str = "") -> None:
        """Pass on to the next secondary status."""
        past = list(self.record["SecondaryStatusTransitions"])
        if past:
            past[-1] = past[-1] | {"EndTime": now()}
        entry = {"Status": status, "StartTime": now(), "StatusMessage": message}
        self.tell(SecondaryStatus=status, SecondaryStatusTransitions=[*past, entry])

    def work(self) -> str:
        """Attempts, until one is not interrupted."""
        if self.loop.faults.capacity:
            self.loop.faults.capacity -= 1
            raise Failed(CAPACITY)
        retries = self.request.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)
        for attempt in count(1):
            end = self._attempt(attempt)
            if end is End.interrupted and self._finds_another():
                self.secondary("Starting", "Preparing the instances for training")
            elif end is End.node_died and retries > 0:
                retries -= 1
                self.secondary("Restarting", "An instance failed")
            else:
                return self._close(end)
        raise AssertionError

    def _attempt(self, attempt: int) -> End:
        lock = self._port_lock()
        while not (self.loop.faults.machines.wait(TICK_S) or self.stopping.is_set()):
            pass
        self.secondary("Downloading", "Downloading input data")
        names = hosts(self.request["ResourceConfig"].get("InstanceCount", 1))
        folder = self.folder / str(attempt)
        began = time.monotonic()
        try:
            self.hosts = [self._start(name, names, folder / name) for name in names]
            self.secondary("Training", "Training image download completed. Training in progress.")
            return self._watch(attempt)
        finally:
            self.clean()
            self.trained_s += time.monotonic() - began
            if lock:
                lock.close()

    def _start(self, name: str, names: list[str], folder: Path) -> Host:
        ml = folder / "ml"
        lay_out(ml, self.request, name)
        checkpoints = None
        if config := self.request.get("CheckpointConfig"):
            inside = config.get("LocalPath", "/opt/ml/checkpoints")
            checkpoints = Checkpoints(config["S3Uri"], local(ml, inside))
            checkpoints.restore()
        log = LogStream(
            self.region,
            "/aws/sagemaker/TrainingJobs",
            f"{self.name}/{name}-{int(time.time() * 1000)}",
        )

        def sink(line: str) -> None:
            log.write(line)
            self.metrics.read(line)

        machine = Machine(
            folder,
            name,
            self._command(),
            self._environment(folder),
            tuple(other for other in names if other != name),
            isolated=bool(self.request.get("EnableNetworkIsolation")),
        )
        return Host(name, ml, Container(machine, sink), checkpoints)

    def _command(self) -> tuple[str, ...]:
        algorithm = self.request["AlgorithmSpecification"]
        entry = algorithm.get("ContainerEntrypoint")
        if entry:
            return (*entry, *algorithm.get("ContainerArguments", []))
        known = images.entrypoint(algorithm.get("TrainingImage", ""))
        if known is None:
            image = algorithm.get("TrainingImage", algorithm.get("AlgorithmName"))
            raise Failed(f"ClientError: the loopback does not know what {image} runs")
        return (*known, "train")

    def _environment(self, folder: Path) -> dict[str, str]:
        image = self.request["AlgorithmSpecification"].get("TrainingImage", "")
        identity = {"TRAINING_JOB_NAME": self.name, "TRAINING_JOB_ARN": self.arn}
        given: dict[str, str] = self.request.get("Environment", {})
        python = images.environment(image, self.loop.folder / "image", folder)
        # torchrun's port on one host is fixed; here jobs share the network
        port = {"PET_MASTER_PORT": str(_free_port())} if len(self._names()) == 1 else {}
        aws = {} if self.request.get("EnableNetworkIsolation") else self.loop.environment
        return python | aws | port | identity | given

    def _names(self) -> list[str]:
        return hosts(self.request["ResourceConfig"].get("InstanceCount", 1))

    def _watch(self, attempt: int) -> End:
        """Wait for the end of all hosts, and bring it about where it is due."""
        faults, began = self.loop.faults, time.monotonic()
        looked = 0.0
        while True:
            states = [host.container.poll() for host in self.hosts]
            if any(state not in {None, 0} for state in states):
                self._end_hosts()
                self._fail(states)
            if all(state == 0 for state in states):
                self._sync()
                return End.completed
            ran = time.monotonic() - began
            if ran - looked >= self.loop.job_pace.sync_s:
                looked = ran
                self._sync()
            if self.stopping.is_set():
                self.secondary("Stopping", "Stopping the training job")
                self._end_hosts()
                return End.stopped
            if self.trained_s + ran > self.limits.get("MaxRuntimeInSeconds", 86400):
                self.secondary("Stopping", "Stopping the training job")
                self._end_hosts()
                return End.too_long
            if self.spot and self._is_taken(attempt, ran):
                self._end_hosts()
                return End.interrupted
            if faults.node_death_after_s and ran > faults.node_death_after_s[0]:
                faults.node_death_after_s.pop(0)
                self.clean(self.hosts[-1:])
                self._end_hosts()
                return End.node_died
            time.sleep(TICK_S)

    def _is_taken(self, attempt: int, ran: float) -> bool:
        """Whether a planned interruption is due for this attempt."""
        faults, number = self.loop.faults, attempt - 1
        uploaded = max((h.checkpoints.uploaded for h in self.hosts if h.checkpoints), default=0)
        seconds, files = faults.interrupt_after_s, faults.interrupt_after_checkpoints
        late = number < len(seconds) and ran > seconds[number]
        return late or (number < len(files) and uploaded >= files[number])

    def _finds_another(self) -> bool:
        """Wait for another spot machine; False where MaxWaitTime passes or it is stopped."""
        self.secondary("Interrupted", "Training job interrupted due to insufficient spot capacity")
        longest = self.limits.get("MaxWaitTimeInSeconds", 86400)
        left = longest - (time.monotonic() - self.created)
        if self.stopping.wait(max(0.0, min(self.loop.job_pace.spot_wait_s, left))):
            return False
        return self.loop.job_pace.spot_wait_s < left

    def _fail(self, states: list[int | None]) -> None:
        number = next(i for i, state in enumerate(states) if state not in {None, 0})
        failure = self.hosts[number].ml / "output" / "failure"
        told = failure.read_text(errors="replace").strip() if failure.is_file() else ""
        ending = f", exit code: {states[number]}"
        raise Failed(f"AlgorithmError: {told[: 1024 - 16 - len(ending)]}{ending}")

    def _close(self, end: End) -> str:
        """Upload what there is, and tell how it ended."""
        if end is End.node_died:
            raise Failed(INTERNAL)
        if end is End.interrupted and not self.stopping.is_set():
            self.secondary("MaxWaitTimeExceeded", "No spot capacity within MaxWaitTime")
            return "Stopped"
        if not self.dead.is_set():
            self.secondary("Uploading", "Uploading generated training model")
            self._upload(end)
        last = "Stopped" if end is End.interrupted else end.value
        self.secondary(last, "Training job completed" if end is End.completed else "")
        return "Completed" if end is End.completed else "Stopped"

    def _upload(self, end: End) -> None:
        config = self.request["OutputDataConfig"]
        target = f"{config['S3OutputPath'].rstrip('/')}/{self.name}/output"
        models = [host.ml / "model" for host in self.hosts]
        outputs = [host.ml / "output" / "data" for host in self.hosts]
        if config.get("CompressionType") == "NONE":
            for folder in reversed(models):
                buckets.upload(folder, f"{target}/model")
            for folder in reversed(outputs):
                buckets.upload(folder, f"{target}/data")
            artifacts = f"{target}/model/"
        else:
            packed = self.folder / "packed.tar.gz"
            if buckets.archive(outputs, packed):
                buckets.write(f"{target}/output.tar.gz", packed.read_bytes())
            if buckets.archive(models, packed) or end is End.completed:
                buckets.write(f"{target}/model.tar.gz", packed.read_bytes())
            artifacts = f"{target}/model.tar.gz"
        self.tell(ModelArtifacts={"S3ModelArtifacts": artifacts})

    def finish(self, status: str, **members: Any) -> None:
        """The last word, with the times that are billed."""
        if status == "Failed":
            self.secondary("Failed", members.get("FailureReason", ""))
        seconds = math.ceil(self.trained_s)
        billed = math.ceil(self.trained_s * SPOT_SHARE) if self.spot else seconds
        times = {"TrainingTimeInSeconds": seconds, "BillableTimeInSeconds": billed}
        metrics = {"FinalMetricDataList": self.metrics.final} if self.metrics.last else {}
        super().finish(status, **times, **metrics, **members)

    def _sync(self) -> None:
        for host in self.hosts:
            if host.checkpoints and not self.dead.is_set():
                host.checkpoints.sync()

    def _end_hosts(self) -> None:
        """SIGTERM to all, SIGKILL after the grace, and the last checkpoints."""
        until = time.monotonic() + (0 if self.dead.is_set() else self.loop.job_pace.grace_s)
        running = [host for host in self.hosts if host.container.poll() is None]
        for host in running:
            host.container.terminate()
        while any(h.container.poll() is None for h in running) and time.monotonic() < until:
            self._sync()
            time.sleep(TICK_S)
        self.clean()
        self._sync()

    def clean(self, some: list[Host] | None = None) -> None:
        """Leave no process of these hosts, or of any."""
        for host in self.hosts if some is None else some:
            if host.container.poll() is None:
                host.container.kill()

    def _port_lock(self) -> IO[str] | None:
        """SageMaker's torchrun driver fixes port 7777 of algo-1: one such job at a time here."""
        if len(self._names()) == 1:
            return None
        self.secondary("Pending", "Waiting for the port of another job of several hosts")
        lock = PORT_LOCK.open("w")
        while not self.stopping.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(TICK_S)
            else:
                break
        return lock


def _free_port() -> int:
    import socket

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def install(loop: "Loopback") -> None:
    """Take the operations on training jobs over."""
    loop.training = Jobs(loop, TrainingJob)
