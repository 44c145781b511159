"""The one generation loop: encoded prompts in, impressions out, in the same order.

What runs the model is a `Decoder`: transformers (`torch_decoder`) or CTranslate2
(`ctranslate2_decoder`); this file needs neither.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Protocol

from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Shards, Written
from radimpress.runtime.progress import Meter


class Decoder(Protocol):
    """Runs a model on one batch. Safe to call from several threads."""

    def decode(self, sources: list[list[int]], decoding: Decoding) -> list[Written]:
        """One impression a source, deterministic, in order."""


@dataclass(frozen=True, slots=True)
class Generator:
    """A decoder, how it is asked unless told otherwise, and the most prompts decoded at once."""

    decoder: Decoder
    decoding: Decoding
    batch_size: int

    def generate(
        self,
        sources: Sequence[Sequence[int]],
        description: str = "generate",
        shards: Shards | None = None,
        decoding: Decoding | None = None,
    ) -> list[Written]:
        """One impression a source, deterministic, in the order of `sources`.

        Equal sources are decoded once: findings repeat. Sources are decoded longest first in
        batches of similar length: less padding, and a GPU that is too small says so at once.
        Finished batches are read from and kept in `shards`. Progress is shown where there is more
        than one batch.
        """
        keys = [tuple(source) for source in sources]
        distinct = list(dict.fromkeys(keys))
        written: dict[tuple[int, ...], Written] = {}
        plan = batches(distinct, self.batch_size)
        with Meter(description, len(distinct)) if len(plan) > 1 else nullcontext() as meter:
            for number, batch in enumerate(plan):
                outputs = shards.read(number) if shards else None
                if outputs is None or len(outputs) != len(batch):
                    asked = [list(distinct[i]) for i in batch]
                    outputs = self.decoder.decode(asked, decoding or self.decoding)
                    if shards:
                        shards.write(number, outputs)
                written |= {distinct[i]: text for i, text in zip(batch, outputs, strict=True)}
                if meter:
                    meter.advance(len(batch))
        return [written[key] for key in keys]


def batches(sources: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    """Indices into `sources`, longest first (ties in order), in groups of at most `size`."""
    order = sorted(range(len(sources)), key=lambda i: (-len(sources[i]), i))
    return [order[start : start + size] for start in range(0, len(order), size)]
