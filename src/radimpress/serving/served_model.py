"""A loaded model with its name: what a batch is written by, and what an answer says of itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from radimpress.serving.requests import Ask, Options

if TYPE_CHECKING:
    from radimpress.corpus.report import Prediction
    from radimpress.modeling.recipe import Decoding
    from radimpress.modeling.summarizer import Summarizer


@dataclass(frozen=True, slots=True)
class Identity:
    """Which model: a registered name and version, or a folder's name and the start of its hash."""

    name: str
    version: str
    fingerprint: str
    model_sha256: str

    def brief(self) -> dict[str, str]:
        """What every answer carries."""
        return {"name": self.name, "version": self.version, "fingerprint": self.fingerprint}


@dataclass(frozen=True, slots=True)
class Score:
    """A score on the test split; bounds and number of reports where they are recorded."""

    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """Findings of a public corpus to try the model with."""

    title: str
    findings: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a model beside its bytes; empty where nothing is."""

    scores: Mapping[str, Score] = field(default_factory=dict)
    trained_on: str | None = None
    access: str = "private"  # as config.schema.Access; private where nothing is known
    card: str | None = None  # markdown
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class ServedModel:
    """One model in memory."""

    identity: Identity
    facts: Facts
    engine: str
    loaded_at: str  # UTC, ISO 8601
    summarizer: "Summarizer"

    def write(self, options: Options, asks: Sequence[Ask]) -> "list[Prediction]":
        """The impressions of a batch that is decoded in one way, in order."""
        return self.summarizer.summarize(
            [ask.findings for ask in asks],
            [ask.background for ask in asks],
            decoding=decoding(self.summarizer.recipe.decoding, options),
        )


def decoding(recipe: "Decoding", options: Options) -> "Decoding":
    """The recipe's decoding with what a request wants different."""
    return replace(
        recipe,
        max_new_tokens=options.max_new_tokens or recipe.max_new_tokens,
        num_beams=options.num_beams or recipe.num_beams,
    )
