"""Reports to token ids: prompts that fit, and targets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, Union

from tokenizers import Tokenizer

from radimpress.corpus.report import Report
from radimpress.modeling.prompt import BETWEEN_NEIGHBOURS, Prompt
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

# Either transformers' tokenizer, or the bare one inside it, configured as `conversion` does.
AnyTokenizer: TypeAlias = Union[Tokenizer, "PreTrainedTokenizerFast"]


@dataclass(frozen=True, slots=True)
class Source:
    """One encoded prompt, at most `max_source_tokens` ids with the end of sequence.

    `clipped`: the end of the findings had to be left out.
    """

    input_ids: list[int]
    clipped: bool


@dataclass(frozen=True, slots=True)
class Example:
    """One training pair. `labels` end with the end of sequence unless the target was cut."""

    input_ids: list[int]
    labels: list[int]


def encode(
    tokenizer: AnyTokenizer,
    prompt: Prompt,
    reports: Sequence[Report],
    neighbours: Sequence[Sequence[str]],
) -> list[Example]:
    """Prompts and impressions of `reports`, in order; `neighbours` holds one list a report.

    A target longer than `max_target_tokens` is cut without an end of sequence: the model is not
    taught to stop in the middle of a sentence.
    """
    sources = encode_sources(tokenizer, prompt, reports, neighbours)
    targets = token_ids(tokenizer, [report.impression for report in reports])
    return [
        Example(source.input_ids, target[: prompt.max_target_tokens])
        for source, target in zip(sources, targets, strict=True)
    ]


def encode_sources(
    tokenizer: AnyTokenizer,
    prompt: Prompt,
    reports: Sequence[Report],
    neighbours: Sequence[Sequence[str]],
) -> list[Source]:
    """The prompts of `reports`, in order, each cut to fit.

    A prompt that is too long loses whole words from the end of its background, then of its
    neighbours, and only when both are gone from the end of its findings: findings are what the
    impression must say, the rest only helps. The template's own text is never cut.
    """
    texts = [prompt.render(r, near) for r, near in zip(reports, neighbours, strict=True)]
    encoded = token_ids(tokenizer, texts)
    return [
        Source(ids, clipped=False)
        if len(ids) <= prompt.max_source_tokens
        else _shortened(tokenizer, prompt, report, near)
        for ids, report, near in zip(encoded, reports, neighbours, strict=True)
    ]


def token_ids(tokenizer: AnyTokenizer, texts: Sequence[str]) -> list[list[int]]:
    """Ids with the end of sequence. A special token's name inside a report is plain text."""
    if not texts:
        return []
    if isinstance(tokenizer, Tokenizer):
        return [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
    encoded = tokenizer(list(texts), split_special_tokens=True, verbose=False)
    return [list(ids) for ids in encoded["input_ids"]]


def _shortened(
    tokenizer: AnyTokenizer, prompt: Prompt, report: Report, near: Sequence[str]
) -> Source:
    parts = {
        "findings": report.findings,
        "background": report.background,
        "neighbours": BETWEEN_NEIGHBOURS.join(near),
    }
    for name, glue, least in _CUTS:
        pieces = parts[name].split(glue) if glue else list(parts[name])

        def ids_with(
            count: int, name: str = name, glue: str = glue, pieces: list[str] = pieces
        ) -> list[int]:
            kept = parts | {name: glue.join(pieces[:count])}
            return token_ids(tokenizer, [prompt.fill(**kept)])[0]

        fitting = _longest(ids_with, least, len(pieces) - 1, prompt.max_source_tokens)
        if fitting is not None:
            return Source(fitting, clipped=name == "findings")
        if name != "findings":
            parts[name] = ""
    raise next_step(
        f"the prompt's own text is longer than model.max_source_tokens={prompt.max_source_tokens}",
        "shorten model.prompt or raise model.max_source_tokens",
    )


_CUTS = (("background", " ", 0), ("neighbours", " ", 0), ("findings", " ", 1), ("findings", "", 1))
"""What is cut, in this order: between words, and the findings within one where not one word fits.
Something of them always stays: asked about nothing, a model invents a patient."""


def _longest(
    ids_with: Callable[[int], list[int]], least: int, most: int, limit: int
) -> list[int] | None:
    """The ids with the most leading pieces, `least` to `most`, that fit; None when none do."""
    best, low, high = None, least, most
    while low <= high:
        middle = (low + high) // 2
        ids = ids_with(middle)
        if len(ids) <= limit:
            best, low = ids, middle + 1
        else:
            high = middle - 1
    return best
