"""transformers as a decoder: every decoding setting, on a CPU or a GPU."""

from threading import Lock
from typing import TYPE_CHECKING

import torch

from radimpress.modeling.folder import generation_config
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Written
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration


class TorchDecoder:
    """A model of transformers; one batch at a time, whichever thread asks.

    `most` is the number of prompts decoded at once: what is asked, until the GPU runs out of
    memory; then it is halved, for good, each time.
    """

    def __init__(
        self, model: "T5ForConditionalGeneration", tokenizer: "PreTrainedTokenizerFast"
    ) -> None:
        self._model, self._tokenizer = model, tokenizer
        self.most: int | None = None
        self._turn = Lock()

    def decode(self, sources: list[list[int]], decoding: Decoding) -> list[Written]:
        """One impression a source. Raises RadimpressError where one prompt does not fit the GPU."""
        done: list[Written] = []
        with self._turn:
            while len(done) < len(sources):
                part = sources[len(done) : len(done) + (self.most or len(sources))]
                try:
                    done += self._decode_at_once(part, decoding)
                except torch.OutOfMemoryError as error:
                    if len(part) == 1:
                        raise next_step(
                            "the GPU's memory does not hold this model and one prompt of "
                            f"{len(part[0])} tokens",
                            "use a larger GPU, a smaller model, or compute=cpu "
                            "(`radimpress doctor`)",
                        ) from error
                    torch.cuda.empty_cache()
                    self.most = len(part) // 2
        return done

    @torch.inference_mode()
    def _decode_at_once(self, sources: list[list[int]], decoding: Decoding) -> list[Written]:
        padded = self._tokenizer.pad({"input_ids": sources}, return_tensors="pt")
        ids = self._model.generate(
            input_ids=padded["input_ids"].to(self._model.device),
            attention_mask=padded["attention_mask"].to(self._model.device),
            generation_config=generation_config(self._model, decoding),
        )
        rows = ids[:, 1:].tolist()  # without the start token, which is the padding token in T5
        texts = self._tokenizer.batch_decode(rows, skip_special_tokens=True)
        end = self._tokenizer.eos_token_id
        return [
            Written(" ".join(text.split()), truncated=end not in row)
            for text, row in zip(texts, rows, strict=True)
        ]
