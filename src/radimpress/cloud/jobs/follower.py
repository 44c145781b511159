"""Watches a job to its end: what it says, how far it is, and what it measures, as it happens."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from radimpress.cloud.jobs.lines import Progress, read_progress, read_told
from radimpress.cloud.jobs.logs import JobLog
from radimpress.cloud.jobs.search import RUNNING
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.modeling.history import LogRecord
from radimpress.runtime.errors import RadimpressError
from radimpress.runtime.progress import Meter
from radimpress.tracking.record_lines import read_record

POLL_S, LOOPBACK_POLL_S = 10.0, 0.3
LAST_LINES_S = 6.0  # CloudWatch shows lines some seconds after they were written
PATIENCE_S = 24 * 3600.0  # without an answer of AWS: a laptop sleeps over night


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended, in AWS's words; `reason` is what the container said of a failure."""

    status: str  # Completed, Failed, Stopped
    secondary: str  # such as MaxRuntimeExceeded, Interrupted
    reason: str = ""
    seconds: int = 0  # billed


@dataclass
class Follower:
    """Shows a job. `on_log` gets each training record once."""

    session: Session
    job: str
    on_log: Callable[[LogRecord], None]
    _log: JobLog = field(init=False)
    _secondary: str = ""
    _step: int = 0
    _meter: Meter | None = None
    _unreachable: float | None = None
    _deaf: bool = False

    def __post_init__(self) -> None:
        self._log = JobLog(self.session, self.job)
        self._is_terminal = sys.stderr.isatty()  # asked now: a bar puts another stream in its place

    @property
    def poll_s(self) -> float:
        """Seconds between looks."""
        return LOOPBACK_POLL_S if self.session.is_loopback else POLL_S

    def follow(self) -> Outcome:
        """Wait for the end. AWS out of reach is waited for: the job goes on without us."""
        try:
            while True:
                try:
                    outcome = self._look()
                except RadimpressError as error:
                    self._bear(error)
                    outcome = None
                if outcome:
                    return outcome
                time.sleep(self.poll_s)
        finally:
            self._close()

    def _look(self) -> Outcome | None:
        with spoken(f"describe {self.job}"):
            told = self.session.client("sagemaker").describe_training_job(TrainingJobName=self.job)
        self._unreachable = None
        if told["SecondaryStatus"] != self._secondary:
            self._secondary = told["SecondaryStatus"]
            self._say(f"{self.job}: {self._secondary}")
        status = told["TrainingJobStatus"]
        if status not in RUNNING and not self.session.is_loopback:
            time.sleep(LAST_LINES_S)
        self._listen()
        if status in RUNNING:
            return None
        seconds = told.get("BillableTimeInSeconds", 0)
        return Outcome(status, self._secondary, told.get("FailureReason", ""), seconds)

    def _listen(self) -> None:
        """Take the new lines; a log that cannot be read hides neither the job nor its end."""
        try:
            for line in self._log.new_lines():
                self.hear(line)
        except RadimpressError as error:
            if not self._deaf:
                self._say(f"{error} (the job goes on without its log)")
            self._deaf = True

    def hear(self, line: str) -> None:
        """Take one line of the log: a record, progress, or words of our programs."""
        mine = read_told(line)
        if mine is None:
            return
        if record := read_record(mine):
            if record.step > self._step:  # a resumed training measures some steps again
                self._step = record.step
                self.on_log(record)
            if self._meter and record.train_loss is not None:
                self._meter.advance(0, f"loss {record.train_loss:.4f}")
        elif (progress := read_progress(mine)) and self._is_terminal:
            self._advance(progress)
        elif mine:
            self._say(mine)

    def _advance(self, progress: Progress) -> None:
        if self._meter is None or self._meter.description != progress.what:
            self._close()
            self._meter = Meter(progress.what, progress.total)
            self._meter.__enter__()
        self._meter.total = progress.total
        self._meter.advance(progress.done - self._meter.done)

    def _close(self) -> None:
        if self._meter:
            self._meter.__exit__(None, None, None)
            self._meter = None

    def _say(self, line: str) -> None:
        self._close()
        print(line, file=sys.stderr, flush=True)

    def _bear(self, error: RadimpressError) -> None:
        """Say once that AWS does not answer, and give up after a day."""
        now = time.monotonic()
        if self._unreachable is None:
            self._unreachable = now
            self._say(f"{error} (the job goes on; asking again)")
        elif now - self._unreachable > PATIENCE_S:
            raise error
