from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.modeling.history import (
    LogRecord,
    best,
    milestones,
    patience_is_over,
    validation_loss,
    validations,
    write_history,
)


def curve(*losses: float | None) -> list[LogRecord]:
    return [LogRecord(step, step / 2, 1.0, loss) for step, loss in enumerate(losses, start=1)]


def test_the_best_record_has_the_lowest_validation_loss_and_is_the_first_of_equals() -> None:
    assert best(curve(3.0, None, 1.0, 1.0, 2.0)) == curve(3.0, None, 1.0)[-1]
    assert best(curve(None, None)) is None
    assert len(validations(curve(3.0, None, 1.0))) == 2
    assert validation_loss(curve(None)[0]) == float("inf")


@pytest.mark.parametrize(
    ("losses", "patience", "over"),
    [
        ((), 1, False),
        ((3.0,), 1, False),
        ((3.0, 3.0), 1, True),  # equal is no better
        ((3.0, 4.0, 2.0), 1, False),
        ((3.0, 4.0, 5.0), 3, False),
        ((3.0, None, 4.0, 5.0, None, 6.0), 3, True),
    ],
)
def test_patience_counts_validations_since_the_best(
    losses: tuple[float | None, ...], patience: int, over: bool
) -> None:
    assert patience_is_over(curve(*losses), patience) is over


@given(st.integers(1, 5000), st.integers(1, 60))
def test_milestones_are_even_and_end_with_the_last_step(steps: int, evaluations: int) -> None:
    dates = sorted(milestones(steps, evaluations))
    assert dates[-1] == steps
    assert dates[0] >= 1
    assert len(dates) == min(steps, evaluations)
    gaps = [b - a for a, b in zip([0, *dates], dates, strict=False)]
    assert max(gaps) - min(gaps) <= 1


def test_history_csv_leaves_blank_what_was_not_measured(tmp_path: Path) -> None:
    records = [
        LogRecord(1, 0.5, 2.25, None, 1e-3, 99.0),
        LogRecord(2, 1.0, None, 1 / 3, 5e-4),
    ]
    write_history(tmp_path / "history.csv", records)
    assert (tmp_path / "history.csv").read_text().splitlines() == [
        "step,epoch,train_loss,validation_loss,learning_rate",
        "1,0.5,2.25,,0.001",
        "2,1,,0.3333333333,0.0005",
    ]
