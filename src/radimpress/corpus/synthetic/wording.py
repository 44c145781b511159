"""A study put into words: sentences, and what each of them states."""

from dataclasses import dataclass

from radimpress.corpus.synthetic.observations import Finding, Observation, Stated


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the observations it states."""

    text: str
    states: tuple[Stated, ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """A section: its sentences, and for findings what the impression needs to know of them.

    `findings` stand in the order of the text; `asked` is the absent observation that the text
    answers the indication with.
    """

    sentences: tuple[Sentence, ...]
    findings: tuple[Finding, ...] = ()
    asked: Observation | None = None

    @property
    def text(self) -> str:
        """All sentences on one line."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def states(self) -> list[Stated]:
        """All statements in the order of the text."""
        return [stated for sentence in self.sentences for stated in sentence.states]
