from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.corpus.report import Prediction, Report
from radimpress.modeling.folder import save_model
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe, write_recipe
from radimpress.modeling.summarizer import Summarizer
from radimpress.runtime.errors import RadimpressError

Make = Callable[..., T5ForConditionalGeneration]


@pytest.fixture
def folder(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> Path:
    save_model(tmp_path / "m", make_t5(flan=True), tokenizer, recipe)
    return tmp_path / "m"


def test_raw_text_gets_what_the_cleaned_report_gets(folder: Path, reports: list[Report]) -> None:
    summarizer = Summarizer.from_folder(folder, "cpu")
    cleaned = replace(reports[0], findings="Clear lungs, compared to ___. No effusion.")
    raw = "  1. Clear lungs,\n compared to XXXX.  2. No effusion. "
    answer = summarizer.summarize([raw], study_ids=["s00"])
    assert answer == summarizer.generate([cleaned])
    assert answer[0].prediction


def test_list_numbers_stay_where_the_model_was_trained_with_them(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> None:
    from radimpress.config.schema import ListNumbers
    from radimpress.modeling.recipe import TextCleaning

    keeping = replace(recipe, cleaning=TextCleaning(ListNumbers.keep, "___"))
    save_model(tmp_path / "keep", make_t5(flan=True), tokenizer, keeping)
    summarizer = Summarizer.from_folder(tmp_path / "keep", "cpu")
    numbered = Report("0", "", "", "", "1. Clear lungs. 2. No effusion.", "")
    assert summarizer.summarize([numbered.findings]) == summarizer.generate([numbered])


def test_answers_come_in_order_and_carry_the_study_ids(folder: Path, reports: list[Report]) -> None:
    summarizer = Summarizer.from_folder(folder, "cpu", batch_size=5)
    answers = summarizer.generate(reports)
    assert [answer.study_id for answer in answers] == [report.study_id for report in reports]
    assert answers == [summarizer.generate([report])[0] for report in reports]
    assert [a.study_id for a in summarizer.summarize(["Clear.", "Opaque."])] == ["0", "1"]


def test_empty_findings_are_refused_by_name_and_never_sent_to_the_model(
    folder: Path, reports: list[Report]
) -> None:
    summarizer = Summarizer.from_folder(folder, "cpu")
    with pytest.raises(RadimpressError, match="findings of report 's2' are empty"):
        summarizer.summarize(["Clear.", " 1. \n"], study_ids=["s1", "s2"])
    blank = replace(reports[1], findings="")
    assert summarizer.generate([reports[0], blank])[1] == Prediction("s01", "")


def test_lists_of_different_length_are_refused(folder: Path) -> None:
    with pytest.raises(RadimpressError, match="2 findings, 1 backgrounds and 2 study ids"):
        Summarizer.from_folder(folder, "cpu").summarize(["a b", "c d"], background=["x"])


def test_nothing_asked_is_nothing_answered(folder: Path) -> None:
    assert Summarizer.from_folder(folder, "cpu").summarize([]) == []


def test_clipped_and_truncated_findings_are_told(folder: Path, reports: list[Report]) -> None:
    summarizer = Summarizer.from_folder(folder, "cpu", decoding=Decoding(1))
    long = replace(reports[0], findings="The heart is normal in size. " * 20)
    short, cut = summarizer.generate([reports[1], long])
    assert (short.clipped, cut.clipped) == (False, True)
    assert short.truncated


def test_neighbours_of_the_folder_are_read_and_can_be_replaced(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    reports: list[Report],
) -> None:
    near = replace(recipe, prompt=Prompt("{neighbours} {findings}", 64, 32, retrieval=1))
    plain = replace(recipe, prompt=Prompt("{findings}", 64, 32))
    model = make_t5(flan=True)
    save_model(tmp_path / "near", model, tokenizer, near, reports)
    save_model(tmp_path / "plain", model, tokenizer, plain)
    asked = Report("t", "q", "invented", "", "Right lower lobe opacity.", "")
    spelled_out = replace(asked, findings="Right lower lobe pneumonia. Right lower lobe opacity.")
    expected = Summarizer.from_folder(tmp_path / "plain", "cpu").generate([spelled_out])
    assert Summarizer.from_folder(tmp_path / "near", "cpu").generate([asked]) == expected
    other = [replace(reports[0], findings=asked.findings, impression="Clear.")]
    swapped = Summarizer.from_folder(tmp_path / "near", "cpu", neighbours=other)
    told = replace(asked, findings="Clear. Right lower lobe opacity.")
    assert swapped.generate([asked]) == Summarizer.from_folder(tmp_path / "plain", "cpu").generate(
        [told]
    )


def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match="absent is missing"):
        Summarizer.from_folder(tmp_path / "absent")


def test_what_the_model_omits_is_stated_where_its_recipe_says_so(
    tmp_path: Path, make_t5: Make, tokenizer: PreTrainedTokenizerFast, recipe: Recipe
) -> None:
    save_model(tmp_path / "m", make_t5(flan=True), tokenizer, recipe)
    (left,) = Summarizer.from_folder(tmp_path / "m", "cpu").summarize(["The heart is enlarged."])
    write_recipe(tmp_path / "m", replace(recipe, states_omissions=True))
    (stated,) = Summarizer.from_folder(tmp_path / "m", "cpu").summarize(["The heart is enlarged."])
    assert stated.prediction == f"The heart is enlarged. {left.prediction}"
