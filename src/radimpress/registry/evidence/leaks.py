"""What stands on both sides of the split that judges a candidate."""

from dataclasses import dataclass
from pathlib import Path

from radimpress.config.schema import Overlap
from radimpress.corpus.assignment import Splits
from radimpress.corpus.leakage import resolve_overlap, shared_patients, some
from radimpress.corpus.report import read_reports


@dataclass(frozen=True, slots=True)
class Leak:
    """How much of one kind was found: `count` of `what`; `detail` names studies."""

    what: str
    count: int
    detail: str = ""


def find_leaks(folder: Path, split: str) -> tuple[Leak, ...]:
    """Check train and validation of `folder` against `split`, patients and normalised pairs.

    Anything found is a leak, whatever `data.split.overlap` allowed when the split was made.
    """
    splits = Splits(
        *(read_reports(folder / f"{name}.parquet") for name in ("train", "validation", split))
    )
    shared = shared_patients(splits)
    _, pairs = resolve_overlap(splits, Overlap.allow)
    return (
        Leak("patients on two sides", len(shared), f"e.g. of {some(shared)}" if shared else ""),
        Leak("training pairs in validation or test", pairs.train_pairs_in_evaluation),
        Leak("validation pairs in test", pairs.validation_pairs_in_test),
    )
