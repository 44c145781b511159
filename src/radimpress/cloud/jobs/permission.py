"""May this job be started? Asked before anything is uploaded or paid for."""

from radimpress.cloud.session import Session
from radimpress.config.schema import Config
from radimpress.runtime.errors import next_step


def refuse_unwanted(session: Session, config: Config) -> None:
    """Raise RadimpressError for a rehearsal against AWS itself. Nothing is asked of AWS."""
    job = config.compute.job
    if job.loopback_only and not session.is_loopback:
        raise next_step(
            f"compute={config.compute.name} is a rehearsal and never runs in AWS",
            "start a loopback (`make loopback`) and set what it prints, or choose another "
            "compute=sagemaker_* (they cost money)",
        )


def refuse_unaffordable(config: Config, stage: str = "train") -> None:
    """Print the plan of `stage`, and raise where it is dearer, longer or larger than allowed."""
    from rich.console import Console

    from radimpress.cloud.planning import plan, plan_stage, refuse_dear, refuse_stage, show

    screen = Console(stderr=True)
    if stage != "train":
        small = plan_stage(config, stage)
        screen.print(str(small), soft_wrap=True)
        refuse_stage(small)
        return
    planned = plan(config)
    screen.print(show(planned))
    refuse_dear(planned, config)
