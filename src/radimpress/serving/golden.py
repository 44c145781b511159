"""Golden requests: what a model must answer before it may answer anybody."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from radimpress.runtime.errors import next_step
from radimpress.serving.requests import Ask, Options

if TYPE_CHECKING:
    from radimpress.corpus.report import Prediction

GOLDEN = (
    Ask(
        "The heart is normal in size. The lungs are clear. "
        "There is no pleural effusion or pneumothorax."
    ),
    Ask("There is a moderate left pleural effusion. No pneumothorax."),
)


def check_golden(write: "Callable[[Options, Sequence[Ask]], list[Prediction]]") -> None:
    """Raise RadimpressError where `write` does not answer every golden request with words."""
    answers = write(Options(), GOLDEN)
    if len(answers) != len(GOLDEN):
        problem = f"the model gave {len(answers)} answers to {len(GOLDEN)} golden requests"
        raise next_step(problem, "serve another version")
    for answer in answers:
        if not any(map(str.isalpha, answer.prediction)):
            raise next_step(
                "the model answers a golden request with no words",
                "train it again, or serve another version",
            )
