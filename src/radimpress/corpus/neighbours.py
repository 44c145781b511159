"""The training reports whose findings are nearest, by TF-IDF and cosine.

The retrieval baseline says their impression; a model with `retrieval: k` reads it in its prompt.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from radimpress.corpus.normalise import normalise
from radimpress.corpus.report import Report
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import Meter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CELLS = 8_000_000  # scores held at once: 32 MB, whatever the number of training reports
EXCLUDED = -1.0  # below every cosine of two TF-IDF rows


class Neighbours:
    """An index over the findings of training reports; about 2 kB a report."""

    def __init__(self, train: Sequence[Report]) -> None:
        """Index `train`. Raises RadimpressError where it is empty or holds no word."""
        import numpy as np
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorizer = TfidfVectorizer(
            preprocessor=normalise,
            tokenizer=str.split,
            token_pattern=None,  # unused beside a tokenizer, and warned about
            ngram_range=(1, 2),
            sublinear_tf=True,
            dtype=np.float32,
        )
        try:
            rows = self._vectorizer.fit_transform([report.findings for report in train])
        except ValueError as error:
            raise next_step(
                f"{len(train):,} training reports hold no word to search by", "run `dvc repro`"
            ) from error
        self._columns: Any = rows.T.tocsr()
        self._size = len(train)
        self._alike: dict[str, list[int]] = defaultdict(list)
        for index, report in enumerate(train):
            for key in _identity(report):
                self._alike[key].append(index)

    def nearest(
        self, findings: Sequence[str], k: int, own: Sequence[Report] | None = None
    ) -> list[list[int]]:
        """Indices into train of the `k` nearest of each findings, nearest first.

        Equally near reports stand in the order of train. Where `own[i]` is the training report that
        `findings[i]` comes from, reports of the same study, of the same patient, or with the same
        normalised findings are left out, so that a training prompt looks like a test prompt; fewer
        than `k` are returned where no more are left.
        """
        found: list[list[int]] = []
        with Meter("looking up neighbours", len(findings)) as meter:
            for scores in self._scores(findings):
                for row in scores:
                    if own is not None:
                        left_out = [
                            i for key in _identity(own[len(found)]) for i in self._alike[key]
                        ]
                        row[left_out] = EXCLUDED
                    found.append(_best(row, k))
                meter.advance(len(scores))
        return found

    def _scores(self, findings: Sequence[str]) -> Iterator["NDArray[np.float32]"]:
        """Cosines [chunk, train] of consecutive chunks of findings."""
        step = max(1, CELLS // self._size)
        for start in range(0, len(findings), step):
            yield (
                self._vectorizer.transform(findings[start : start + step]) @ self._columns
            ).toarray()


def _identity(report: Report) -> list[str]:
    """What makes two reports the same for a training prompt."""
    keys = [f"study:{report.study_id}", f"findings:{normalise(report.findings)}"]
    return [*keys, f"subject:{report.subject_id}"] if report.subject_id else keys


def _best(scores: "NDArray[np.float32]", k: int) -> list[int]:
    """Indices of the `k` highest scores, highest first, lowest index first among equals."""
    import numpy as np

    allowed = np.flatnonzero(scores > EXCLUDED)
    if len(allowed) > k:
        bound = np.partition(scores, len(scores) - k)[len(scores) - k]
        allowed = np.flatnonzero(scores >= bound)
    order = np.argsort(-scores[allowed], kind="stable")[:k]
    return [int(index) for index in allowed[order]]
