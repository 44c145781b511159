"""Hyperparameter tuning: training jobs of the loopback over drawn values; the best by a metric.

Random and Grid are as AWS describes them; Bayesian and Hyperband draw at random here.
"""

import itertools
import math
import random
import time
from typing import TYPE_CHECKING, Any

from loopback.call import Call, Refusal
from loopback.jobs import ENDED, Failed, Job, Jobs, fits, page
from loopback.training import TrainingJob

if TYPE_CHECKING:
    from loopback.server import Loopback

TICK_S = 0.1
NOT_OF_TRAINING = {
    "DefinitionName",
    "TuningObjective",
    "HyperParameterRanges",
    "StaticHyperParameters",
    "HyperParameterTuningResourceConfig",
}
OBJECTIVE = "_tuning_objective_metric"  # AWS adds it to every job's hyperparameters


class TuningJob(Job):
    """One CreateHyperParameterTuningJob."""

    noun, starts, ends = (
        "HyperParameterTuningJob",
        "HyperParameterTuningStartTime",
        "HyperParameterTuningEndTime",
    )

    def __init__(self, loop: "Loopback", call: Call, arn: str) -> None:
        super().__init__(loop, call, arn)
        if "TrainingJobDefinition" not in self.request or "WarmStartConfig" in self.request:
            told = "the loopback tunes one TrainingJobDefinition, without a warm start"
            raise Refusal("ValidationException", told)
        self.config: dict[str, Any] = self.request["HyperParameterTuningJobConfig"]
        self.definition: dict[str, Any] = self.request["TrainingJobDefinition"]
        self.goal: dict[str, str] = self.config["HyperParameterTuningJobObjective"]
        self.trials: list[tuple[TrainingJob, dict[str, str]]] = []
        self._count()

    def work(self) -> str:
        """Run the training jobs, so many at a time."""
        limits = self.config["ResourceLimits"]
        drawn = draws(self.config, limits.get("MaxNumberOfTrainingJobs", 1))
        waiting = list(enumerate(drawn, 1))
        while waiting or self._running():
            if self.stopping.is_set():
                self.clean()
                waiting = []
            while waiting and len(self._running()) < limits["MaxParallelTrainingJobs"]:
                self._begin(*waiting.pop(0))
            self._count()
            time.sleep(TICK_S)
        self._count()
        if self.stopping.is_set():
            return "Stopped"
        if self.best() is None:
            raise Failed("No training job completed with the objective metric")
        return "Completed"

    def _begin(self, number: int, values: dict[str, str]) -> None:
        static = self.definition.get("StaticHyperParameters", {})
        settings = static | values | {OBJECTIVE: self.goal["MetricName"]}
        resources = self.definition.get("HyperParameterTuningResourceConfig")
        asked = {k: v for k, v in self.definition.items() if k not in NOT_OF_TRAINING}
        asked |= {"TrainingJobName": f"{self.name}-{number:03d}-{number:08x}"}
        asked |= {"HyperParameters": settings, "Tags": self.request.get("Tags", [])}
        asked |= {"ResourceConfig": resources} if resources else {}
        self.loop.client("sagemaker").create_training_job(**asked)
        job = self.loop.training.all[asked["TrainingJobName"]]
        assert isinstance(job, TrainingJob)
        job.tell(TuningJobArn=self.arn)
        self.trials.append((job, values))

    def _running(self) -> list[TrainingJob]:
        return [job for job, _ in self.trials if job.status not in ENDED]

    def score(self, job: TrainingJob) -> float | None:
        """The objective's last value of a completed job."""
        last = job.metrics.last.get(self.goal["MetricName"])
        return float(last["Value"]) if last and job.status == "Completed" else None

    def best(self) -> tuple[TrainingJob, dict[str, str]] | None:
        """The trial with the best value so far."""
        sign = 1 if self.goal["Type"] == "Minimize" else -1
        scored = [(s, trial) for trial in self.trials if (s := self.score(trial[0])) is not None]
        return min(scored, key=lambda pair: sign * pair[0])[1] if scored else None

    def _count(self) -> None:
        states = [job.status for job, _ in self.trials]
        scored = sum(self.score(job) is not None for job, _ in self.trials)
        ended = sum(state in ENDED for state in states)
        counters = {
            "Completed": states.count("Completed"),
            "InProgress": len(states) - ended,
            "RetryableError": 0,
            "NonRetryableError": states.count("Failed"),
            "Stopped": states.count("Stopped"),
        }
        objectives = {"Succeeded": scored, "Pending": len(states) - ended, "Failed": ended - scored}
        best = self.best()
        self.tell(
            TrainingJobStatusCounters=counters,
            ObjectiveStatusCounters=objectives,
            **({"BestTrainingJob": self.entry(*best)} if best else {}),
        )

    def entry(self, job: TrainingJob, values: dict[str, str]) -> dict[str, Any]:
        """A trial as AWS lists it."""
        told = job.describe()
        names = ("TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingStartTime")
        names += ("TrainingEndTime", "TrainingJobStatus", "FailureReason")
        entry = {name: told[name] for name in names if name in told}
        if (value := self.score(job)) is not None:
            metric = {"MetricName": self.goal["MetricName"], "Value": value}
            entry["FinalHyperParameterTuningJobObjectiveMetric"] = metric | {
                "Type": self.goal["Type"]
            }
        state = "Succeeded" if value is not None else "Failed"
        entry["ObjectiveStatus"] = state if job.status in ENDED else "Pending"
        return entry | {"TunedHyperParameters": values}

    def clean(self) -> None:
        """Stop the training jobs."""
        for job in self._running():
            if not job.stopping.is_set():
                job.stop()


def draws(config: dict[str, Any], number: int) -> list[dict[str, str]]:
    """Values for so many jobs. A grid has all of its categorical combinations, whatever `number`.

    Drawn with the request's RandomSeed, so that a test sees the same values again.
    """
    ranges = config.get("ParameterRanges", {})
    if config["Strategy"] == "Grid":
        categories = ranges.get("CategoricalParameterRanges", [])
        names = [each["Name"] for each in categories]
        products = itertools.product(*(each["Values"] for each in categories))
        return [dict(zip(names, values, strict=True)) for values in products]
    generator = random.Random(config.get("RandomSeed", 0))
    return [_draw(ranges, generator) for _ in range(number)]


def _draw(ranges: dict[str, Any], generator: random.Random) -> dict[str, str]:
    values: dict[str, str] = {}
    for each in ranges.get("CategoricalParameterRanges", []):
        values[each["Name"]] = generator.choice(each["Values"])
    for each in ranges.get("IntegerParameterRanges", []):
        values[each["Name"]] = str(round(_between(each, generator)))
    for each in ranges.get("ContinuousParameterRanges", []):
        values[each["Name"]] = repr(_between(each, generator))
    return values


def _between(limits: dict[str, str], generator: random.Random) -> float:
    low, high = float(limits["MinValue"]), float(limits["MaxValue"])
    scaling = limits.get("ScalingType", "Auto")
    if scaling == "Logarithmic" or (scaling == "Auto" and low > 0 and high / low >= 1000):
        return math.exp(generator.uniform(math.log(low), math.log(high)))
    return generator.uniform(low, high)


def install(loop: "Loopback") -> None:
    """Take the operations on tuning jobs over."""
    tuning = Jobs(loop, TuningJob)

    def trials(call: Call) -> dict[str, Any]:
        job = tuning.find(call)
        assert isinstance(job, TuningJob)
        entries = [job.entry(*trial) for trial in job.trials if fits(trial[0], call.request)]
        return page(entries, call.request, "TrainingJobSummaries")

    loop.operations["sagemaker:ListTrainingJobsForHyperParameterTuningJob"] = trials
