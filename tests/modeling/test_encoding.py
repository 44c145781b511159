from dataclasses import replace

from radimpress.corpus.report import Report
from radimpress.modeling.encoding import encode_sources, token_ids
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.tokenizer import train_tokenizer

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


def test_one_word_that_does_not_fit_is_cut_within() -> None:
    """Nothing of it would stay otherwise; CTranslate2 and transformers differ on empty prompts."""
    prompt = Prompt("{findings}", 12, 8, 0)
    long = replace(REPORT, findings="opacity" * 100)
    (cut,) = encode_sources(TOKENIZER, prompt, [long], [[]])
    assert cut.clipped
    assert 6 < len(cut.input_ids) <= 12
    (whole,) = token_ids(TOKENIZER, [long.findings])
    assert cut.input_ids[:5] == whole[:5], "the beginning of the word"
