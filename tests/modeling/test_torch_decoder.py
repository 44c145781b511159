from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.modeling.recipe import Decoding
from radimpress.modeling.torch_decoder import TorchDecoder
from radimpress.runtime.errors import RadimpressError

Make = Callable[..., T5ForConditionalGeneration]
SOURCES = [[5, 9, 1], [7] * 12 + [1], [8, 1], [6] * 5 + [1], [30, 31, 32, 1], [1], [40] * 9 + [1]]


def test_greedy_writes_what_the_model_holds_likeliest(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast
) -> None:
    model = make_t5(flan=True)
    ids = [0]
    for _ in range(6):
        with torch.inference_mode():
            out = model(input_ids=torch.tensor([SOURCES[1]]), decoder_input_ids=torch.tensor([ids]))
        ids.append(int(out.logits[0, -1].argmax()))
    written = TorchDecoder(model, tokenizer).decode([SOURCES[1]], Decoding(6))[0]
    expected = tokenizer.decode(ids[1:], skip_special_tokens=True)
    assert written.text == " ".join(expected.split())


def test_an_impression_without_its_end_is_truncated(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_t5()
    ids = torch.tensor([[0, 40, 41, 42], [0, 40, 1, 0], [0, 1, 0, 0]])
    monkeypatch.setattr(model, "generate", lambda **_: ids)
    written = TorchDecoder(model, tokenizer).decode(SOURCES[:1] * 3, Decoding(3))
    assert [w.truncated for w in written] == [True, False, False]
    assert written[2].text == ""


def test_beams_differ_from_greedy_and_stay_deterministic(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast
) -> None:
    decoder = TorchDecoder(make_t5(flan=True), tokenizer)
    beams = decoder.decode(SOURCES, Decoding(8, num_beams=3))
    assert beams == decoder.decode(SOURCES, Decoding(8, num_beams=3))
    assert beams != decoder.decode(SOURCES, Decoding(8))


def test_threads_get_what_one_caller_gets(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast
) -> None:
    decoder = TorchDecoder(make_t5(flan=True), tokenizer)
    expected = [decoder.decode([source], Decoding(8)) for source in SOURCES]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda source: decoder.decode([source], Decoding(8)), SOURCES))
    assert found == expected


def test_a_gpu_that_is_too_small_halves_the_batch_and_goes_on(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_t5(flan=True)
    expected = TorchDecoder(model, tokenizer).decode(SOURCES, Decoding(6))
    sizes = only_fits(model, 2, monkeypatch)
    small = TorchDecoder(model, tokenizer)
    assert small.decode(SOURCES, Decoding(6)) == expected
    assert sizes == [7, 3, 1, 1, 1, 1, 1, 1, 1]
    assert small.most == 1


def test_a_gpu_that_holds_no_single_prompt_is_told_to_the_user(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_t5()
    only_fits(model, 0, monkeypatch)
    with pytest.raises(RadimpressError, match="one prompt of 3 tokens; next: use a larger GPU"):
        TorchDecoder(model, tokenizer).decode(SOURCES, Decoding(6))


def only_fits(
    model: T5ForConditionalGeneration, rows: int, monkeypatch: pytest.MonkeyPatch
) -> list[int]:
    """Make `model` run out of memory above `rows` rows; returns the sizes it is asked for."""
    sizes: list[int] = []
    whole = model.generate

    def generate(input_ids: torch.Tensor, **settings: object) -> torch.Tensor:
        sizes.append(len(input_ids))
        if len(input_ids) > rows:
            raise torch.OutOfMemoryError
        return whole(input_ids=input_ids, **settings)

    monkeypatch.setattr(model, "generate", generate)
    return sizes
