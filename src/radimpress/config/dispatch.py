"""Whether a stage is computed by this process or by a machine that is rented for it."""

import os

from radimpress.config.job import Place
from radimpress.config.schema import Config

IN_JOB = "RADIMPRESS_JOB"  # set where a job runs a stage: there it is computed


def runs_elsewhere(config: Config, stage: str) -> bool:
    """Whether `stage` is to be handed to `radimpress.cloud`."""
    asked = config.compute.place is Place.sagemaker and stage in config.compute.job.stages
    asked |= config.compute.place is Place.jumpstart and stage == "train"  # it does nothing else
    return asked and IN_JOB not in os.environ
