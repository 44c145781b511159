"""CTranslate2 as a decoder: the same impressions as transformers on a CPU, many times faster."""

from typing import TYPE_CHECKING, Any

from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Written

if TYPE_CHECKING:
    from ctranslate2 import Translator
    from tokenizers import Tokenizer

ENDLESS = 1e6  # patience: finished beams alone never end a search
FIRST_LENGTH = 32  # tokens; most impressions are shorter
LONGER = 4  # times, where that did not do


class CTranslate2Decoder:
    """A converted model whose vocabulary is the token ids in decimal (see `conversion`).

    `end` is the id of the end of sequence; `threads` batches run at once, one core each.
    """

    def __init__(
        self, translator: "Translator", tokenizer: "Tokenizer", end: int, threads: int
    ) -> None:
        self._translator, self._tokenizer = translator, tokenizer
        self._end, self._threads = str(end), threads

    def decode(self, sources: list[list[int]], decoding: Decoding) -> list[Written]:
        """One impression a source; `decoding` must be one that `unsupported` lets pass."""
        asked = [[str(token) for token in source] for source in sources]
        if decoding.num_beams > 1:
            return self._beams(asked, decoding)
        results = self._translate(asked, decoding.max_new_tokens, decoding)
        return [self._written(result.hypotheses[0]) for result in results]

    def _beams(self, asked: list[list[str]], decoding: Decoding) -> list[Written]:
        """What a search over all `max_new_tokens` steps finds, with as few steps as prove it.

        That is the meaning of transformers' `early_stopping="never"`, and no `patience` of
        CTranslate2 guarantees it. So search a few steps, keep what no longer search can beat, and
        search further for the rest.
        """
        done: dict[int, Written] = {}
        left, most = list(range(len(asked))), decoding.max_new_tokens
        length = min(FIRST_LENGTH, most)
        while left:
            results = self._translate([asked[i] for i in left], length, decoding)
            for i, result in zip(left, results, strict=True):
                if length == most or self._is_settled(result, length, decoding):
                    done[i] = self._written(result.hypotheses[0])
            left = [i for i in left if i not in done]
            length = min(length * LONGER, most)
        return [done[i] for i in range(len(asked))]

    def _is_settled(self, result: Any, length: int, decoding: Decoding) -> bool:
        """Whether the best beam after `length` steps is the best after `max_new_tokens` too.

        A score is the log-probability over the number of tokens to the power of the penalty. A beam
        still open at `length` can lose no less than nothing on its way to the full length, which
        bounds its score. Beams that are not in the result score no more than the last that is.
        """
        best, *_, last = result.scores
        open_beams = [
            score
            for score, tokens in zip(result.scores, result.hypotheses, strict=True)
            if len(tokens) == length
        ]
        share = (length / decoding.max_new_tokens) ** decoding.length_penalty
        return bool(best > max([*open_beams, last]) * share)

    def _translate(self, asked: list[list[str]], length: int, decoding: Decoding) -> list[Any]:
        beams = decoding.num_beams
        return self._translator.translate_batch(
            asked,
            max_batch_size=-(-len(asked) // self._threads),
            beam_size=beams,
            num_hypotheses=beams,
            patience=ENDLESS,
            length_penalty=decoding.length_penalty,
            max_decoding_length=length,
            # CTranslate2's own defaults would cut long prompts and forbid an empty impression.
            max_input_length=0,
            min_decoding_length=0,
            return_end_token=True,
            return_scores=beams > 1,
        )

    def _written(self, tokens: list[str]) -> Written:
        text = self._tokenizer.decode([int(token) for token in tokens], skip_special_tokens=True)
        return Written(" ".join(text.split()), truncated=self._end not in tokens[-1:])


def unsupported(decoding: Decoding) -> str | None:
    """Why CTranslate2 would write something else than transformers, or None where it would not."""
    if decoding.num_beams > 1 and decoding.length_penalty < 0:
        return f"length_penalty={decoding.length_penalty:g} with beams"
    if decoding.no_repeat_ngram_size:  # it blocks other tokens than transformers on some prompts
        return f"no_repeat_ngram_size={decoding.no_repeat_ngram_size}"
    return None
