from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.modeling.generation import Generator, batches
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Shards
from radimpress.runtime.errors import RadimpressError

Make = Callable[..., T5ForConditionalGeneration]
SOURCES = [[5, 9, 1], [7] * 12 + [1], [8, 1], [6] * 5 + [1], [30, 31, 32, 1], [1], [40] * 9 + [1]]


@given(st.lists(st.integers(1, 30)), st.integers(1, 7))
def test_batches_hold_every_source_once_longest_first(lengths: list[int], size: int) -> None:
    plan = batches([[0] * length for length in lengths], size)
    order = [index for batch in plan for index in batch]
    assert sorted(order) == list(range(len(lengths)))
    assert [lengths[i] for i in order] == sorted(lengths, reverse=True)
    assert all(len(batch) == size for batch in plan[:-1])


def test_each_source_gets_what_it_gets_alone_in_the_order_given(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast
) -> None:
    generator = Generator(make_t5(flan=True), tokenizer, Decoding(8), 3)
    alone = [generator.generate([source])[0] for source in SOURCES]
    assert generator.generate(SOURCES) == alone
    assert len({written.text for written in alone}) > 1, "the model must tell sources apart"


def test_greedy_writes_what_the_model_holds_likeliest(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast
) -> None:
    model = make_t5(flan=True)
    ids = [0]
    for _ in range(6):
        with torch.inference_mode():
            out = model(input_ids=torch.tensor([SOURCES[1]]), decoder_input_ids=torch.tensor([ids]))
        ids.append(int(out.logits[0, -1].argmax()))
    written = Generator(model, tokenizer, Decoding(6), 4).generate([SOURCES[1]])[0]
    expected = tokenizer.decode(ids[1:], skip_special_tokens=True)
    assert written.text == " ".join(expected.split())


def test_an_impression_without_its_end_is_truncated(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_t5()
    ids = torch.tensor([[0, 40, 41, 42], [0, 40, 1, 0], [0, 1, 0, 0]])
    monkeypatch.setattr(model, "generate", lambda **_: ids)
    written = Generator(model, tokenizer, Decoding(3), 4).generate(SOURCES[:1] * 3)
    assert [w.truncated for w in written] == [True, False, False]
    assert written[2].text == ""


def test_beams_differ_from_greedy_and_stay_deterministic(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast
) -> None:
    model = make_t5(flan=True)
    beams = Generator(model, tokenizer, Decoding(8, num_beams=3), 4)
    assert beams.generate(SOURCES) == beams.generate(SOURCES)
    assert beams.generate(SOURCES) != Generator(model, tokenizer, Decoding(8), 4).generate(SOURCES)


def test_no_sources_give_no_impressions(make_t5: Make, tokenizer: PreTrainedTokenizerFast) -> None:
    assert Generator(make_t5(), tokenizer, Decoding(5), 4).generate([]) == []


def test_a_gpu_that_is_too_small_halves_the_batch_and_goes_on(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_t5(flan=True)
    expected = Generator(model, tokenizer, Decoding(6), 7).generate(SOURCES)
    sizes = only_fits(model, 2, monkeypatch)
    small = Generator(model, tokenizer, Decoding(6), 7)
    assert small.generate(SOURCES) == expected
    assert sizes == [7, 3, 1, 1, 1, 1, 1, 1, 1]
    assert small.batch_size == 1


def test_a_gpu_that_holds_no_single_prompt_is_told_to_the_user(
    make_t5: Make, tokenizer: PreTrainedTokenizerFast, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_t5()
    only_fits(model, 0, monkeypatch)
    with pytest.raises(RadimpressError, match="one prompt of 13 tokens; next: use a larger GPU"):
        Generator(model, tokenizer, Decoding(6), 4).generate(SOURCES)


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


def test_finished_batches_are_not_decoded_again(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = make_t5(flan=True)
    expected = Generator(model, tokenizer, Decoding(6), 2).generate(SOURCES)
    whole = model.generate
    calls: list[int] = []

    def interrupted(**settings: object) -> torch.Tensor:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(1)
        return whole(**settings)

    monkeypatch.setattr(model, "generate", interrupted)
    shards = Shards(tmp_path / "kept")
    generator = Generator(model, tokenizer, Decoding(6), 2)
    with pytest.raises(KeyboardInterrupt):
        generator.generate(SOURCES, shards=shards)
    calls.clear()
    monkeypatch.setattr(model, "generate", lambda **s: calls.append(1) or whole(**s))
    assert generator.generate(SOURCES, shards=shards) == expected
    assert len(calls) == 2, "four batches, of which two were done"
