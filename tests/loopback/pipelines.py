"""Runs a pipeline's definition step by step, through the jobs of the loopback.

A model of AWS: steps run one after the other in the order they stand. Of the functions it knows
Get (parameters, the execution's id, a training's artifacts), Std:Join and Std:JsonGet.
"""

import json
import time
from typing import TYPE_CHECKING, Any

from loopback import buckets
from loopback.jobs import ENDED

if TYPE_CHECKING:
    from loopback.server import Loopback

TICK_S = 0.2


class PipelineFailed(Exception):  # noqa: N818  a status
    """A step failed, or a Fail step was reached; with its message."""


class Execution:
    """One run of a definition. `done` holds what Describe tells of each step's job."""

    def __init__(self, loop: "Loopback", definition: dict[str, Any], identity: str) -> None:
        self.loop, self.definition, self.identity = loop, definition, identity
        self.parameters = {one["Name"]: one["DefaultValue"] for one in definition["Parameters"]}
        self.done: dict[str, dict[str, Any]] = {}

    def run(self, until: str = "") -> None:
        """Run the steps, up to and with `until`."""
        for step in self.definition["Steps"]:
            self.step(step)
            if step["Name"] == until:
                return

    def step(self, step: dict[str, Any]) -> None:
        """Run one step to its end."""
        if step["Type"] == "Fail":
            raise PipelineFailed(self.resolve(step["Arguments"]["ErrorMessage"]))
        if step["Type"] == "Condition":
            (condition,) = step["Arguments"]["Conditions"]
            holds = self.resolve(condition["LeftValue"]) == condition["RightValue"]
            for inner in step["Arguments"]["IfSteps" if holds else "ElseSteps"]:
                self.step(inner)
            return
        noun = f"{step['Type']}Job"  # TrainingJob, ProcessingJob
        name = f"pipelines-{self.identity}-{step['Name']}"
        request = self.resolve(step["Arguments"]) | {f"{noun}Name": name}
        client, snake = self.loop.client("sagemaker"), step["Type"].lower()
        getattr(client, f"create_{snake}_job")(**request)
        while True:
            told = getattr(client, f"describe_{snake}_job")(**{f"{noun}Name": name})
            if told[f"{noun}Status"] in ENDED:
                break
            time.sleep(TICK_S)
        if told[f"{noun}Status"] != "Completed":
            why = told.get("ExitMessage") or told.get("FailureReason")
            raise PipelineFailed(f"{step['Name']}: {why}")
        self.done[step["Name"]] = told

    def resolve(self, value: Any) -> Any:
        """Replace what stands for a value by the value."""
        if isinstance(value, list):
            return [self.resolve(one) for one in value]
        if not isinstance(value, dict):
            return value
        if "Std:Join" in value:
            join = value["Std:Join"]
            return join["On"].join(self.resolve(one) for one in join["Values"])
        if "Std:JsonGet" in value:
            return self._property(value["Std:JsonGet"])
        if set(value) == {"Get"}:
            return self._get(value["Get"])
        return {name: self.resolve(one) for name, one in value.items()}

    def _get(self, what: str) -> str:
        kind, *path = what.split(".")
        if kind == "Parameters":
            return str(self.parameters[path[0]])
        if kind == "Execution":
            return self.identity
        found: Any = self.done[path[0]]
        for name in path[1:]:
            found = found[name]
        return str(found)

    def _property(self, asked: dict[str, Any]) -> Any:
        _, step, _, name = asked["PropertyFile"]["Get"].split(".")
        outputs = self.done[step]["ProcessingOutputConfig"]["Outputs"]
        uri = next(one["S3Output"]["S3Uri"] for one in outputs if one["OutputName"] == name)
        return json.loads(buckets.read(f"{uri}/{name}.json"))[asked["Path"]]
