"""Which reports are worth reading: the candidate's best, worst and clinically wrong ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest

Scores = Mapping[str, float]  # one report's columns of reports/scores
RANKED_BY = "rougeL"


class Kind(Enum):
    """Why a report is shown; the value names it in the page's filter."""

    worst = "worst"
    contradiction = "contradiction"
    side_flip = "side-flip"
    hallucination = "hallucination"
    omission = "omission"
    invented_number = "invented-number"
    unfounded_comparison = "unfounded-comparison"
    best = "best"

    @property
    def label(self) -> str:
        """The word on the filter button."""
        return self.value.replace("-", " ").capitalize()


FLAGS = {
    Kind.contradiction: "contradiction_rate",
    Kind.side_flip: "side_flip_rate",
    Kind.hallucination: "hallucination_rate",
    Kind.omission: "omission_rate",
    Kind.invented_number: "invented_number_rate",
    Kind.unfounded_comparison: "unfounded_comparison_rate",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A report to show and why; an example can be wrong in several ways."""

    study_id: str
    kinds: tuple[Kind, ...]


def choose(scores: Mapping[str, Scores], words: Mapping[str, int], wanted: int) -> list[Choice]:
    """Pick up to `wanted` study ids, worst ROUGE-L first.

    A quarter are the worst, a quarter the best, the rest clinically wrong ones taken from each kind
    of error in turn, so that a rare side flip is not crowded out by common omissions. Places that
    errors leave free go to the worst and the best. `words` (length of the reference by study id)
    breaks ties among the best: a long impression got right says more than a short one.
    """
    by_worst = sorted(scores, key=lambda study: (scores[study][RANKED_BY], study))
    by_best = sorted(
        scores, key=lambda study: (-scores[study][RANKED_BY], -words.get(study, 0), study)
    )
    quarter = -(-wanted // 4)
    worst, best = by_worst[:quarter], by_best[:quarter]
    wrong = _in_turn([s for s in by_worst if wrong_in(scores[s], kind)] for kind in FLAGS)
    chosen = list(dict.fromkeys([*worst, *best, *wrong]))[:wanted]
    free = wanted - len(chosen)
    worst += [study for study in by_worst if study not in chosen][: -(-free // 2)]
    best += [study for study in by_best if study not in (*chosen, *worst)][: free // 2]
    chosen = list(dict.fromkeys([*chosen, *worst, *best]))[:wanted]
    return [
        Choice(study, _kinds(study, scores[study], worst, best))
        for study in sorted(chosen, key=lambda study: (scores[study][RANKED_BY], study))
    ]


def wrong_in(scores: Scores, kind: Kind) -> bool:
    """Whether a report has this error; nan (not applicable) is no error."""
    return scores.get(FLAGS[kind], 0.0) > 0


def _kinds(
    study: str, scores: Scores, worst: Sequence[str], best: Sequence[str]
) -> tuple[Kind, ...]:
    # in a very small test set the same report can be among both: it is then neither
    ends = [Kind.worst] * (study in worst) + [Kind.best] * (study in best)
    errors = [kind for kind in FLAGS if wrong_in(scores, kind)]
    return (*(ends if len(ends) == 1 else []), *errors)


def _in_turn(lists: Iterable[Sequence[str]]) -> list[str]:
    """The first of each list, then the second of each, and so on."""
    return [item for items in zip_longest(*lists) for item in items if item is not None]
