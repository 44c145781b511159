"""CTranslate2 writes what transformers writes, for every setting that `unsupported` lets pass."""

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from radimpress.corpus.synthetic import pairs
from radimpress.modeling.conversion import load_converted
from radimpress.modeling.ctranslate2_decoder import CTranslate2Decoder, unsupported
from radimpress.modeling.encoding import token_ids
from radimpress.modeling.folder import load_model
from radimpress.modeling.generation import Decoder, Generator
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.shards import Written
from radimpress.modeling.torch_decoder import TorchDecoder

GREEDY = Decoding(40)


@dataclass(frozen=True)
class Both:
    """One model in both engines, and the token ids of 320 findings."""

    slow: TorchDecoder
    fast: CTranslate2Decoder
    sources: list[list[int]]


def opened(folder: Path, threads: int = 1) -> Both:
    loaded = load_model(folder, "cpu")
    converted = load_converted(folder, threads)
    findings = [report.findings for report in pairs("B", 320, seed=99)]
    return Both(
        TorchDecoder(loaded.model, loaded.tokenizer),
        CTranslate2Decoder(converted.translator, converted.tokenizer, converted.end, threads),
        token_ids(loaded.tokenizer, findings),
    )


@pytest.fixture(scope="session")
def both(talking_folder: Path) -> Both:
    return opened(talking_folder)


def written(decoder: Decoder, sources: Sequence[list[int]], decoding: Decoding) -> list[Written]:
    return Generator(decoder, decoding, 32).generate(sources)


def test_greedy_impressions_of_320_reports_are_identical(both: Both) -> None:
    slow = written(both.slow, both.sources, GREEDY)
    assert written(both.fast, both.sources, GREEDY) == slow
    assert len({each.text for each in slow}) > 50, "the model must tell findings apart"
    assert 20 < sum(each.truncated for each in slow) < 300, "some impressions must end"


@pytest.mark.parametrize("said", [True, False])
def test_the_head_is_right_whatever_config_json_says_of_the_tie(
    both: Both, talking_folder: Path, tmp_path: Path, said: bool
) -> None:
    copy = shutil.copytree(talking_folder, tmp_path / "m")
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"tie_word_embeddings": said}))
    again = opened(copy)
    beams = Decoding(40, num_beams=4)
    for decoding in (GREEDY, beams):
        expected = written(again.slow, both.sources[:40], decoding)
        assert written(again.fast, both.sources[:40], decoding) == expected
    assert written(again.slow, both.sources[:40], beams) == written(
        both.slow, both.sources[:40], beams
    )


@pytest.mark.parametrize("length_penalty", [0.0, 0.6, 1.0, 2.0])
def test_beams_find_what_a_search_that_never_stops_early_finds(
    both: Both, length_penalty: float
) -> None:
    beams = Decoding(48, num_beams=4, length_penalty=length_penalty)
    slow = written(both.slow, both.sources[:48], beams)
    assert written(both.fast, both.sources[:48], beams) == slow
    assert slow != written(both.slow, both.sources[:48], GREEDY)


def test_beams_search_no_further_than_the_proof_needs() -> None:
    """Two sources: the first is settled after 32 steps, the second's open beam may still win."""

    @dataclass(frozen=True)
    class Result:
        hypotheses: tuple[list[str], ...]
        scores: tuple[float, ...]

    asked: list[tuple[int, int]] = []

    class Translator:
        def translate_batch(self, sources: list[list[str]], **options: int) -> list[Result]:
            length = options["max_decoding_length"]
            asked.append((length, len(sources)))
            ended, still_open = ["9", "1"], ["8"] * length
            return [
                Result((ended, still_open), (-0.1, -2.0 if source == ["5", "1"] else -0.3))
                for source in sources
            ]

    class Tokenizer:
        def decode(self, ids: list[int], skip_special_tokens: bool) -> str:
            return str(ids[0])

    decoder = CTranslate2Decoder(Translator(), Tokenizer(), 1, 1)
    answers = decoder.decode([[5, 1], [6, 1]], Decoding(128, num_beams=2))
    assert answers == [Written("9", truncated=False)] * 2
    assert asked == [(32, 2), (128, 1)], "-2.0 / 4 < -0.1 < -0.3 / 4"


@pytest.mark.parametrize("limit", [1, 2, 5, 11])
def test_the_length_limit_cuts_at_the_same_token_and_says_so(both: Both, limit: int) -> None:
    slow = written(both.slow, both.sources[:60], Decoding(limit))
    assert written(both.fast, both.sources[:60], Decoding(limit)) == slow
    assert any(each.truncated for each in slow)


def test_a_prompt_longer_than_1024_tokens_is_read_to_its_end(both: Both) -> None:
    long = [token for source in both.sources[:40] for token in source[:-1]] + [1]
    assert len(long) > 1024
    other_end = [*long[:-30], *both.sources[50][-30:]]
    asked = [long, other_end]
    assert both.fast.decode(asked, GREEDY) == both.slow.decode(asked, GREEDY)


def test_an_empty_impression_may_be_written(both: Both) -> None:
    class Ending:
        hypotheses = (["1"],)

    class Translator:
        def translate_batch(self, sources: list[list[str]], **options: object) -> list[Ending]:
            assert options["min_decoding_length"] == 0
            return [Ending() for _ in sources]

    class Tokenizer:
        def decode(self, ids: list[int], skip_special_tokens: bool) -> str:
            assert (ids, skip_special_tokens) == ([1], True)
            return ""

    decoder = CTranslate2Decoder(Translator(), Tokenizer(), 1, 2)
    assert decoder.decode([[5, 1]] * 3, GREEDY) == [Written("", truncated=False)] * 3


def test_threads_get_what_one_caller_gets(both: Both) -> None:
    batches = [both.sources[start : start + 5] for start in range(0, 60, 5)]
    expected = [both.fast.decode(batch, GREEDY) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda batch: both.fast.decode(batch, GREEDY), batches)) == expected


def test_two_threads_write_what_one_writes(both: Both, talking_folder: Path) -> None:
    two = opened(talking_folder, threads=2).fast
    assert written(two, both.sources[:70], GREEDY) == written(both.fast, both.sources[:70], GREEDY)


def test_settings_that_would_differ_are_named() -> None:
    assert unsupported(Decoding(9)) is None
    assert unsupported(Decoding(9, length_penalty=-1.0)) is None, "greedy ignores it"
    assert unsupported(Decoding(9, num_beams=2, length_penalty=2.0)) is None
    assert unsupported(Decoding(9, num_beams=2, length_penalty=-1.0)) == (
        "length_penalty=-1 with beams"
    )
    assert unsupported(Decoding(9, no_repeat_ngram_size=3)) == "no_repeat_ngram_size=3"
