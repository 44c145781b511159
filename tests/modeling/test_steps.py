import pytest

from radimpress.config.schema import Compute, Training
from radimpress.modeling.batching import GlobalBatches
from radimpress.modeling.steps import micro_batches, total_steps


@pytest.mark.parametrize(
    ("examples", "training", "steps"),
    [
        (70, Training(epochs=4, batch_size=16), 20),
        (64, Training(epochs=4, batch_size=16), 16),
        (70, Training(epochs=3.3, batch_size=16), 17),
        (3, Training(epochs=0.1, batch_size=16), 1),
        (70, Training(epochs=4, batch_size=16, max_steps=7), 7),
    ],
)
def test_total_steps_count_small_last_batches(
    examples: int, training: Training, steps: int
) -> None:
    assert total_steps(examples, training) == steps


@pytest.mark.parametrize(("batch", "micro", "processes"), [(64, 8, 8), (64, 8, 1), (10, 4, 3)])
def test_micro_batches_are_those_of_the_sampler(batch: int, micro: int, processes: int) -> None:
    compute = Compute(micro_batch_size=micro, processes=processes, packing=False)
    sampler = GlobalBatches([(1, 1)] * batch, batch, micro, 0, processes=processes)
    [step] = sampler
    assert micro_batches(Training(batch_size=batch), compute, fill=0.1) == len(step)


def test_short_pairs_share_micro_batches_where_they_are_packed() -> None:
    """One long pair sets the budget, and the others fill it."""
    sizes = [(200, 40)] + [(50, 10)] * 63
    sampler = GlobalBatches(sizes, 64, 4, 0, packing=True)
    [step] = sampler
    mean = sum(source for source, _ in sizes) / len(sizes)
    expected = micro_batches(Training(batch_size=64), Compute(micro_batch_size=4), mean / 200)
    assert expected == pytest.approx(len(step), abs=1)
    assert expected < micro_batches(Training(batch_size=64), Compute(micro_batch_size=4))
