from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.report import Report
from radimpress.modeling.encoding import encode, encode_sources, token_ids
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.tokenizer import train_tokenizer
from radimpress.runtime.errors import RadimpressError

TOKENIZER = train_tokenizer(["one two three four five six seven eight"] * 9, 320)
PROMPT = Prompt("task: {background} / {findings} / {neighbours}", 24, 6, retrieval=1)
REPORT = Report("s", "p", "invented", "one two", "three four", "five six")


def text_of(ids: list[int]) -> str:
    assert ids[-1] == 1, "a source ends with the end of sequence"
    return str(TOKENIZER.decode(ids, skip_special_tokens=True))


def source(report: Report, near: list[str], prompt: Prompt = PROMPT) -> tuple[str, bool]:
    encoded = encode_sources(TOKENIZER, prompt, [report], [near])[0]
    assert len(encoded.input_ids) <= prompt.max_source_tokens
    return text_of(encoded.input_ids), encoded.clipped


def test_a_prompt_that_fits_is_whole() -> None:
    assert source(REPORT, ["seven"]) == ("task: one two / three four / seven", False)


def test_the_background_yields_first() -> None:
    long = replace(REPORT, background="one " * 40)
    text, clipped = source(long, ["seven"])
    assert text.endswith("/ three four / seven")
    assert text.startswith("task: one one")
    assert not clipped


def test_neighbours_yield_when_the_background_is_gone() -> None:
    text, clipped = source(REPORT, ["seven " * 40])
    assert text.startswith("task: / three four / seven seven")
    assert not clipped


def test_the_end_of_the_findings_yields_last_and_is_told() -> None:
    long = replace(REPORT, findings="three four " * 40)
    text, clipped = source(long, ["seven"])
    assert text.startswith("task: / three four three")
    assert "seven" not in text
    assert clipped


def test_as_many_words_as_fit_are_kept() -> None:
    long = replace(REPORT, findings=" ".join(["three"] * 40))
    text, clipped = source(long, [], Prompt("{findings}", 11, 6))
    assert clipped
    assert (
        len(token_ids(TOKENIZER, [text])[0]) <= 11 < len(token_ids(TOKENIZER, [f"{text} three"])[0])
    )


def test_a_template_that_is_too_long_itself_is_refused() -> None:
    with pytest.raises(RadimpressError, match="longer than model.max_source_tokens=8"):
        source(REPORT, [], Prompt("a very long instruction indeed: {findings}", 8, 6))


@given(
    st.lists(st.sampled_from(["one", "two", "three", "7.5", "cm,", "(left)", "ÄÖ"]), max_size=60),
    st.integers(4, 40),
)
def test_no_source_is_ever_too_long_and_findings_are_cut_at_the_end(
    words: list[str], limit: int
) -> None:
    findings = " ".join(words)
    text, clipped = source(replace(REPORT, findings=findings), [], Prompt("{findings}", limit, 6))
    assert findings.startswith(text)
    assert clipped == (text != findings)


def test_sources_do_not_depend_on_what_is_encoded_with_them() -> None:
    long = replace(REPORT, findings="three " * 99)
    together = encode_sources(TOKENIZER, PROMPT, [long, REPORT], [["six"], []])
    assert together == [
        encode_sources(TOKENIZER, PROMPT, [long], [["six"]])[0],
        encode_sources(TOKENIZER, PROMPT, [REPORT], [[]])[0],
    ]


def test_labels_are_the_impression_with_its_end() -> None:
    example = encode(TOKENIZER, PROMPT, [REPORT], [[]])[0]
    assert example.labels == token_ids(TOKENIZER, ["five six"])[0]
    assert example.labels[-1] == 1


def test_a_target_that_is_cut_has_no_end() -> None:
    long = replace(REPORT, impression="five " * 20)
    labels = encode(TOKENIZER, PROMPT, [long], [[]])[0].labels
    assert len(labels) == 6
    assert 1 not in labels


def test_neighbours_of_another_length_are_a_fault() -> None:
    with pytest.raises(ValueError, match="zip"):
        encode(TOKENIZER, PROMPT, [REPORT], [])


def test_nothing_encodes_to_nothing() -> None:
    assert encode(TOKENIZER, PROMPT, [], []) == []


def test_a_word_longer_than_the_prompt_is_cut_within() -> None:
    """Nothing of it would stay otherwise; CTranslate2 and transformers differ on empty prompts."""
    prompt = Prompt("{findings}", 12, 8, 0)
    long = replace(REPORT, findings="opacity" * 100)
    (cut,) = encode_sources(TOKENIZER, prompt, [long], [[]])
    assert cut.clipped
    assert 6 < len(cut.input_ids) <= 12
    (whole,) = token_ids(TOKENIZER, [long.findings])
    assert cut.input_ids[:5] == whole[:5], "the beginning of the word"
