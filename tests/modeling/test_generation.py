"""The loop over batches, with a decoder that answers each source with its own ids."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.modeling.generation import Generator, batches
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Shards, Written

SOURCES = [[5, 9, 1], [7] * 12 + [1], [8, 1], [6] * 5 + [1], [30, 31, 32, 1], [1], [40] * 9 + [1]]


class Echo:
    """Writes a source's ids; remembers the batches and settings it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[int], Decoding]] = []

    def decode(self, sources: list[list[int]], decoding: Decoding) -> list[Written]:
        self.asked.append(([len(source) for source in sources], decoding))
        return [Written(str(source), truncated=False) for source in sources]


@given(st.lists(st.integers(1, 30)), st.integers(1, 7))
def test_batches_hold_every_source_once_longest_first(lengths: list[int], size: int) -> None:
    plan = batches([[0] * length for length in lengths], size)
    order = [index for batch in plan for index in batch]
    assert sorted(order) == list(range(len(lengths)))
    assert [lengths[i] for i in order] == sorted(lengths, reverse=True)
    assert all(len(batch) == size for batch in plan[:-1])


@given(st.lists(st.lists(st.integers(0, 9), min_size=1)), st.integers(1, 7))
def test_each_source_gets_its_own_answer_in_the_order_given(
    sources: list[list[int]], size: int
) -> None:
    written = Generator(Echo(), Decoding(8), size).generate(sources)
    assert [each.text for each in written] == [str(source) for source in sources]


def test_a_call_may_ask_for_another_decoding_and_the_next_does_not() -> None:
    echo = Echo()
    generator = Generator(echo, Decoding(8), 8)
    generator.generate(SOURCES, decoding=Decoding(3, num_beams=2))
    generator.generate(SOURCES)
    assert [decoding for _, decoding in echo.asked] == [Decoding(3, num_beams=2), Decoding(8)]


def test_equal_sources_are_decoded_once() -> None:
    echo = Echo()
    written = Generator(echo, Decoding(8), 4).generate([[5, 1], [6, 1], [5, 1], [5, 1]])
    assert [each.text for each in written] == ["[5, 1]", "[6, 1]", "[5, 1]", "[5, 1]"]
    assert [sizes for sizes, _ in echo.asked] == [[2, 2]]


def test_no_sources_give_no_impressions_and_ask_nothing() -> None:
    echo = Echo()
    assert Generator(echo, Decoding(5), 4).generate([]) == []
    assert echo.asked == []


def test_progress_is_shown_for_more_than_one_batch_only(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("radimpress.runtime.progress.SECONDS_BETWEEN_LINES", 0.0)
    Generator(Echo(), Decoding(5), 7).generate(SOURCES)
    assert capfd.readouterr().err == ""
    Generator(Echo(), Decoding(5), 4).generate(SOURCES, "generate finetuned")
    assert "generate finetuned" in capfd.readouterr().err


def test_finished_batches_are_not_decoded_again(tmp_path: Path) -> None:
    class Interrupted(Echo):
        def decode(self, sources: list[list[int]], decoding: Decoding) -> list[Written]:
            if len(self.asked) == 2:
                raise KeyboardInterrupt
            return super().decode(sources, decoding)

    shards = Shards(tmp_path / "kept")
    with pytest.raises(KeyboardInterrupt):
        Generator(Interrupted(), Decoding(6), 2).generate(SOURCES, shards=shards)
    echo = Echo()
    again = Generator(echo, Decoding(6), 2).generate(SOURCES, shards=shards)
    assert [each.text for each in again] == [str(source) for source in SOURCES]
    assert len(echo.asked) == 2, "four batches, of which two were done"
