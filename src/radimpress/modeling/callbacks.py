"""What happens at each training step besides training: validation dates, progress, life signs."""

import os
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState

from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import Meter


class Milestones(TrainerCallback):
    """Log, validate and save after the given steps, and after no others."""

    def __init__(self, steps: frozenset[int]) -> None:
        self.steps = steps

    def on_step_end(
        self, _args: Any, state: TrainerState, control: TrainerControl, **_: Any
    ) -> None:
        """Ask for all three, in this order, at a milestone."""
        if state.global_step in self.steps:
            control.should_log = control.should_evaluate = control.should_save = True


class Best(TrainerCallback):
    """Tell a resumed Trainer where the best checkpoint is, also after the folder was moved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def on_train_begin(self, _args: Any, state: TrainerState, _control: Any, **_: Any) -> None:
        """Replace the path that the checkpoint remembers."""
        state.best_model_checkpoint = str(self.folder)


class Progress(TrainerCallback):
    """Count steps on a meter."""

    def __init__(self, meter: Meter) -> None:
        self.meter = meter

    def on_step_end(self, *_: Any, **__: Any) -> None:
        """One step more."""
        self.meter.advance()


class Orphan(TrainerCallback):
    """Stop a worker whose launcher was killed, or it would train on and hold the lock."""

    def __init__(self) -> None:
        self.launcher = os.getppid()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        """Look whether the launcher still lives."""
        if os.getppid() != self.launcher:
            raise next_step("the launcher of this process was killed", "run the same again")
