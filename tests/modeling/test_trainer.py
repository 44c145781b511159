import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import T5ForConditionalGeneration

from radimpress.config.schema import Compute, Device, Training
from radimpress.modeling.arguments import FitSettings, training_arguments
from radimpress.modeling.batching import GlobalBatches, Pairs, collate
from radimpress.modeling.encoding import Example
from radimpress.modeling.history import LogRecord
from radimpress.modeling.loaders import PairLoader
from radimpress.modeling.packing import size
from radimpress.modeling.trainer import PairTrainer
from radimpress.runtime.errors import RadimpressError

PAIRS = [Example([5, 6, 7, 1], [8, 1]), Example([9, 1], [6, 7, 5, 1]), Example([4, 1], [3, 1])]


def loader(batch: int = 2) -> PairLoader:
    batches = GlobalBatches([size(pair) for pair in PAIRS], batch, batch, seed=1)
    return PairLoader(Pairs(PAIRS), batches, lambda rows: collate(rows, 0, 0))


@pytest.fixture
def make(
    make_t5: Callable[..., T5ForConditionalGeneration], tmp_path: Path
) -> Callable[..., PairTrainer]:
    """A trainer of ten steps with a patience of two validations."""

    def trainer(history: tuple[LogRecord, ...] = (), smoothing: float = 0.0) -> PairTrainer:
        settings = FitSettings(1, Training(), Compute(device=Device.cpu))
        return PairTrainer(
            make_t5(),
            training_arguments(settings, tmp_path, steps=10, width=16),
            loader(),
            loader(),
            label_smoothing=smoothing,
            patience=2,
            sharded=False,
            history=history,
            on_log=lambda _: None,
        )

    return trainer


@pytest.mark.parametrize(
    ("losses", "finished"),
    [
        ([], False),
        ([(8, 2.0)], False),
        ([(10, 2.0)], True),
        ([(2, 1.0), (4, 1.5), (6, 1.5)], True),
        ([(2, 1.0), (4, 1.5), (6, 0.5)], False),
    ],
)
def test_a_history_says_whether_anything_is_left_to_train(
    make: Callable[..., PairTrainer], losses: list[tuple[int, float]], finished: bool
) -> None:
    history = tuple(LogRecord(step, 1.0, validation_loss=loss) for step, loss in losses)
    assert make(history).is_finished is finished


def test_validation_is_the_mean_over_tokens_not_over_batches(
    make: Callable[..., PairTrainer],
) -> None:
    trainer = make()
    total = 0.0
    for pair in PAIRS:
        ids, labels = torch.tensor([pair.input_ids]), torch.tensor([pair.labels])
        loss = trainer.model(input_ids=ids, labels=labels).loss.item()
        total += loss * len(pair.labels)
    expected = total / sum(len(pair.labels) for pair in PAIRS)
    trainer.create_optimizer()
    assert trainer.evaluate()["eval_loss"] == pytest.approx(expected, abs=1e-6)
    assert trainer.history[-1].validation_loss == pytest.approx(expected, abs=1e-6)


def test_a_validation_loss_that_is_not_finite_stops_with_one_line(
    make: Callable[..., PairTrainer],
) -> None:
    trainer = make()
    trainer.create_optimizer()
    with torch.no_grad():
        trainer.model.shared.weight.fill_(float("inf"))
    with pytest.raises(RadimpressError, match="validation loss is not finite at step 0"):
        trainer.evaluate()


def test_the_training_loss_is_a_share_of_the_whole_steps_mean(
    make: Callable[..., PairTrainer],
) -> None:
    trainer = make(smoothing=0.1)
    batch = collate(PAIRS, 0, 0)
    logits = trainer.model(**{n: v for n, v in batch.items() if n != "labels"}).logits
    counted = batch["labels"] != -100
    logs = logits.log_softmax(-1)[counted]
    truth = batch["labels"][counted]
    nll = -logs[torch.arange(len(truth)), truth]
    expected = (0.9 * nll + 0.1 * -logs.mean(-1)).sum() / 40  # of 40 tokens in the step
    share = trainer.compute_loss(trainer.model, dict(batch), num_items_in_batch=torch.tensor(40))
    assert share.item() == pytest.approx(expected.item(), abs=1e-6)
    assert math.isfinite(share.item())
