"""The configuration of one trial, and which parameters a job can vary."""

from collections.abc import Iterable, Mapping

from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from radimpress.cloud.sweeps.hyperparameters import read_value
from radimpress.config.load import typed
from radimpress.config.schema import Config
from radimpress.runtime.errors import next_step

SWEPT_BY_JOBS = ("training.", "model.lora.")  # what no stage before `train` depends on


def trial_config(config: Config, values: Mapping[str, str]) -> Config:
    """`config` with the values of a trial. Raises RadimpressError where they do not fit."""
    raw = OmegaConf.structured(config)
    for name, value in values.items():
        try:
            OmegaConf.update(raw, name, read_value(value), force_add=False)
        except OmegaConfBaseException as error:
            first = str(error).splitlines()[0]
            raise next_step(
                f"{name}={value} does not fit: {first}", "see docs/configuration.md"
            ) from error
    return typed(raw, f"the trial {dict(values)}")


def refuse_other_stages(names: Iterable[str]) -> None:
    """Raise RadimpressError for a parameter that more than the training depends on.

    All jobs of a tuner read the same splits and the same foundation.
    """
    for name in names:
        if not name.startswith(SWEPT_BY_JOBS):
            raise next_step(
                f"{name} decides more than the training, and SageMaker's tuner varies only that "
                f"({', '.join(f'{one}*' for one in SWEPT_BY_JOBS)})",
                "sweep it with --target local, which runs the whole pipeline for each value",
            )
