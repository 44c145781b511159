"""Which computation a job is: by this it is found again, and never paid for twice."""

from dataclasses import dataclass
from typing import Any

from radimpress.cloud.jobs.channels import FOUNDATION, SPLITS, inputs
from radimpress.cloud.jobs.declaration import declaration
from radimpress.config.fingerprint import fingerprint
from radimpress.config.schema import Config
from radimpress.modeling.checkpoints import training_folder
from radimpress.modeling.reference import read_reference

SHOWN = 12  # digits of the key in a job's name


@dataclass(frozen=True, slots=True)
class Identity:
    """`key` names what is computed, and so its checkpoints; `result` also how it is written down.

    Two jobs of one key may go on from each other's checkpoints, and must not run at once. Two jobs
    of one result are the same job: the code and every parameter of the stage are alike. Where it is
    computed is in neither.
    """

    project: str
    stage: str
    key: str  # 32 hex digits
    result: str  # 64 hex digits

    @property
    def prefix(self) -> str:
        """What the names of all jobs of this key begin with."""
        return f"{self.project}-{self.stage}-{self.key[:SHOWN]}-"

    def job_name(self, attempt: int) -> str:
        """The name of attempt 1, 2, ...: two clients that start the same job ask for the same."""
        return f"{self.prefix}{attempt}"


def identity(config: Config, stage: str) -> Identity:
    """The identity of `stage` as configured, on the inputs that stand in the working directory."""
    declared = declaration(stage)
    key = _key(config, stage)
    result = fingerprint(key, declared.values(config), declared.code_sha256)
    return Identity(config.cloud.project, stage, key, result)


def _key(config: Config, stage: str) -> str:
    """Of a training the name of its local checkpoints, where the foundation is at hand."""
    parts: list[Any]
    if stage == "train":
        if read_reference(FOUNDATION) is None:
            return training_folder(config, FOUNDATION, SPLITS).name
        parts = [config.seed, config.model, config.training]
    elif stage == "foundation":
        parts = [config.seed, config.model, config.generation.max_new_tokens]
    else:
        parts = [config.generation]
    given = {one.channel: one.sha256 for one in inputs(config, stage)}
    return fingerprint(stage, *parts, given)[:32]
