"""How far labels agree with a truth: the validation of the labeller."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from radimpress.metrics.labels.observations import Labels, Observation, Presence


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of matching statements; precision, recall and F1 in [0, 1], 1.0 where nothing is."""

    hits: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was labelled that is true."""
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Share of what is true that was labelled."""
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        """2 hits / (2 hits + extra + missed)."""
        total = 2 * self.hits + self.extra + self.missed
        return 2 * self.hits / total if total else 1.0


def agreement(
    found: Sequence[Labels],
    truth: Sequence[Labels],
    presences: Iterable[Presence] = tuple(Presence),
    observations: Iterable[Observation] = tuple(Observation),
) -> Agreement:
    """Micro-averaged agreement: a hit is the same observation with the same presence.

    Only statements of the given presences and observations count, on either side. Raises
    ValueError where the sequences differ in length.
    """
    presences, observations = frozenset(presences), frozenset(observations)
    hits = extra = missed = 0
    for mine, true in zip(found, truth, strict=True):
        told = {(o, label.presence) for o, label in mine.items()}
        right = {(o, label.presence) for o, label in true.items()}
        told, right = (
            {(o, presence) for o, presence in each if o in observations and presence in presences}
            for each in (told, right)
        )
        hits += len(told & right)
        extra += len(told - right)
        missed += len(right - told)
    return Agreement(hits, extra, missed)


def side_agreement(found: Sequence[Labels], truth: Sequence[Labels]) -> float:
    """Share of exactly equal sides among the observations that both assert and the truth sides."""
    pairs = [
        (mine[o].sides, label.sides)
        for mine, true in zip(found, truth, strict=True)
        for o, label in true.items()
        if label.asserted and label.sides and o in mine and mine[o].asserted
    ]
    return sum(mine == true for mine, true in pairs) / len(pairs) if pairs else 1.0
