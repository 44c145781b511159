from pathlib import Path

import pytest
from transformers import TrainerControl, TrainerState

from radimpress.modeling.callbacks import Best, Milestones, Orphan, Progress
from radimpress.runtime.errors import RadimpressError
from radimpress.runtime.progress import Meter


def test_a_milestone_asks_for_log_validation_and_checkpoint_and_other_steps_do_not() -> None:
    dates = Milestones(frozenset({4}))
    for step, due in ((3, False), (4, True), (5, False)):
        control = TrainerControl()
        dates.on_step_end(None, TrainerState(global_step=step), control)
        assert control.should_log is control.should_evaluate is control.should_save is due


def test_a_moved_checkpoint_folder_does_not_lose_the_best() -> None:
    state = TrainerState(best_model_checkpoint="/gone/checkpoint-4")
    Best(Path("/here/checkpoint-4")).on_train_begin(None, state, None)
    assert state.best_model_checkpoint == "/here/checkpoint-4"


def test_progress_counts_steps() -> None:
    with Meter("training", 3) as meter:
        Progress(meter).on_step_end(None, None, None)
        Progress(meter).on_step_end(None, None, None)
    assert meter.done == 2


def test_a_worker_stops_when_its_launcher_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Orphan()
    worker.on_step_end(None, None, None)
    monkeypatch.setattr("os.getppid", lambda: 1)
    with pytest.raises(RadimpressError, match="launcher"):
        worker.on_step_end(None, None, None)
