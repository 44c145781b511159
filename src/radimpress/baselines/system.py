"""The one interface of everything that writes impressions, with or without a model."""

from collections.abc import Sequence
from typing import Protocol

from radimpress.corpus.report import Prediction, Report


class System(Protocol):
    """A named way to write an impression."""

    @property
    def name(self) -> str:
        """The name that predictions, metrics and runs carry."""

    def generate(self, reports: Sequence[Report]) -> list[Prediction]:
        """One prediction a report, in their order; the reports' impressions are never read."""
