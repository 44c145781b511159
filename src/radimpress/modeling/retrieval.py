"""The nearest training impressions that stand in a prompt."""

from collections.abc import Sequence

from radimpress.corpus.neighbours import Neighbours
from radimpress.corpus.report import Report


class Retrieval:
    """Looks up the impressions of the `k` training reports with the nearest findings.

    Only `train` is ever searched: no impression of validation or test can reach a prompt. With
    `k` 0 no index is built and every report gets an empty list.
    """

    def __init__(self, train: Sequence[Report], k: int) -> None:
        self._train, self._k = train, k
        self._index = Neighbours(train) if k else None

    def impressions(self, reports: Sequence[Report], own: bool = False) -> list[list[str]]:
        """One list a report, nearest first; shorter than `k` where too few reports are left.

        `own`: the reports are training reports themselves, which must not find their own study,
        subject or text.
        """
        if self._index is None:
            return [[] for _ in reports]
        findings = [report.findings for report in reports]
        found = self._index.nearest(findings, self._k, own=reports if own else None)
        return [[self._train[i].impression for i in row] for row in found]
