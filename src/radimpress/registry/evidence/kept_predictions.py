"""Predictions made for a promotion, kept by what they were made of in data/promotion/."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from radimpress.config.fingerprint import fingerprint
from radimpress.corpus.report import Prediction, Report, read_predictions, write_predictions
from radimpress.runtime.errors import RadimpressError

CODE = ("baselines", "corpus", "modeling")  # the packages that decide what is written


class KeptPredictions:
    """A folder of predictions, one file a fingerprint; safe to delete at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(
        self,
        made_of: Sequence[object],
        reports: Sequence[Report],
        make: Callable[[Sequence[Report]], list[Prediction]],
    ) -> list[Prediction]:
        """What was made of `made_of` by this code for these reports; made now where it is not kept.

        `made_of` are plain values: digests of model and split, settings, device, precision.
        """
        path = self._folder / f"{fingerprint(*made_of, code_digest())}.parquet"
        kept = _read(path)
        if [prediction.study_id for prediction in kept] == [report.study_id for report in reports]:
            return kept
        made = make(reports)
        write_predictions(path, made)
        return made


@cache
def code_digest() -> str:
    """The sha256 over the source files that decide what a system writes."""
    digest = hashlib.sha256()
    for package in CODE:
        folder = Path(str(files("radimpress"))) / package
        for path in sorted(folder.rglob("*.py")):
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> list[Prediction]:
    """Nothing where there is no file or a damaged one."""
    try:
        return read_predictions(path) if path.is_file() else []
    except RadimpressError:
        return []
