"""The one prompt: what the model reads, the same in training, generation and serving (rule 2)."""

import string
from collections.abc import Sequence
from dataclasses import dataclass

from radimpress.config.rules import PROMPT_FIELDS
from radimpress.config.schema import Model
from radimpress.corpus.report import Report
from radimpress.runtime.errors import next_step

BETWEEN_NEIGHBOURS = " | "


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template with its length limits; lengths are in tokens and count the end of sequence.

    `template` may use {findings}, {background} and {neighbours}; `retrieval` is the number of
    nearest training impressions that stand for {neighbours}. Raises RadimpressError for a template
    that is none or names another field.
    """

    template: str
    max_source_tokens: int
    max_target_tokens: int
    retrieval: int = 0

    def __post_init__(self) -> None:
        try:
            fields = {name for _, name, _, _ in string.Formatter().parse(self.template)} - {None}
        except ValueError as error:
            raise next_step(
                f"the prompt {self.template!r} is no template ({error})", "double literal braces"
            ) from error
        if unknown := fields - PROMPT_FIELDS:
            raise next_step(
                f"the prompt {self.template!r} has unknown fields {sorted(map(str, unknown))}",
                f"use {sorted(PROMPT_FIELDS)}",
            )

    @classmethod
    def of(cls, model: Model) -> "Prompt":
        """The prompt that a model configuration asks for."""
        return cls(model.prompt, model.max_source_tokens, model.max_target_tokens, model.retrieval)

    def render(self, report: Report, neighbours: Sequence[str] = ()) -> str:
        """The model's input text; `neighbours` are impressions, nearest first."""
        return self.fill(report.findings, report.background, BETWEEN_NEIGHBOURS.join(neighbours))

    def fill(self, findings: str, background: str, neighbours: str) -> str:
        """The template with its fields filled; single spaces, none at the ends."""
        text = self.template.format(findings=findings, background=background, neighbours=neighbours)
        return " ".join(text.split())
