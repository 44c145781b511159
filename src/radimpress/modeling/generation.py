"""The one generation function: encoded prompts in, impressions out, in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from radimpress.modeling.folder import generation_config
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Shards, Written
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import Meter

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration


@dataclass(slots=True)
class Generator:
    """A model that writes impressions.

    `batch_size` is the most prompts decoded at once; it is halved, for good, each time the GPU
    runs out of memory.
    """

    model: "T5ForConditionalGeneration"
    tokenizer: "PreTrainedTokenizerFast"
    decoding: Decoding
    batch_size: int

    def generate(
        self,
        sources: Sequence[Sequence[int]],
        description: str = "generate",
        shards: Shards | None = None,
    ) -> list[Written]:
        """One impression a source, deterministic, in the order of `sources`.

        Sources are decoded longest first in batches of similar length: less padding, and a GPU that
        is too small says so at once. Finished batches are read from and kept in `shards`.
        """
        written: dict[int, Written] = {}
        with Meter(description, len(sources)) as meter:
            for number, batch in enumerate(batches(sources, self.batch_size)):
                outputs = shards.read(number) if shards else None
                if outputs is None or len(outputs) != len(batch):
                    outputs = self._decode([list(sources[i]) for i in batch])
                    if shards:
                        shards.write(number, outputs)
                written.update(zip(batch, outputs, strict=True))
                meter.advance(len(batch))
        return [written[i] for i in range(len(sources))]

    def _decode(self, sources: list[list[int]]) -> list[Written]:
        done: list[Written] = []
        while len(done) < len(sources):
            part = sources[len(done) : len(done) + self.batch_size]
            try:
                done += self._decode_at_once(part)
            except torch.OutOfMemoryError as error:
                if len(part) == 1:
                    raise next_step(
                        "the GPU's memory does not hold this model and one prompt of "
                        f"{len(part[0])} tokens",
                        "use a larger GPU, a smaller model, or compute=cpu (`radimpress doctor`)",
                    ) from error
                torch.cuda.empty_cache()
                self.batch_size = len(part) // 2
        return done

    @torch.inference_mode()
    def _decode_at_once(self, sources: list[list[int]]) -> list[Written]:
        padded = self.tokenizer.pad({"input_ids": sources}, return_tensors="pt")
        ids = self.model.generate(
            input_ids=padded["input_ids"].to(self.model.device),
            attention_mask=padded["attention_mask"].to(self.model.device),
            generation_config=generation_config(self.model, self.decoding),
        )
        rows = ids[:, 1:].tolist()  # without the start token, which is the padding token in T5
        texts = self.tokenizer.batch_decode(rows, skip_special_tokens=True)
        end = self.tokenizer.eos_token_id
        return [
            Written(" ".join(text.split()), truncated=end not in row)
            for text, row in zip(texts, rows, strict=True)
        ]


def batches(sources: Sequence[Sequence[int]], size: int) -> list[list[int]]:
    """Indices into `sources`, longest first (ties in order), in groups of at most `size`."""
    order = sorted(range(len(sources)), key=lambda i: (-len(sources[i]), i))
    return [order[start : start + size] for start in range(0, len(order), size)]
