from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from radimpress.corpus.report import Report
from radimpress.modeling.encoding import token_ids
from radimpress.modeling.tokenizer import train_tokenizer

WORDS = ["The heart is enlarged. No pleural effusion, pneumothorax or consolidation."] * 3
TOKENIZER = train_tokenizer(WORDS, 320)


@given(st.text(max_size=80))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    ids = token_ids(TOKENIZER, [text])[0]
    assert TOKENIZER.decode(ids, skip_special_tokens=True) == text.encode(
        "utf-8", "replace"
    ).decode("utf-8")


@given(st.text(alphabet="<>/pads extra_id019unk.", max_size=60))
def test_names_of_special_tokens_inside_a_report_are_plain_text(text: str) -> None:
    ids = token_ids(TOKENIZER, [text])[0]
    assert ids[-1] == 1
    assert not {0, 1, 2} & set(ids[:-1])
    assert TOKENIZER.decode(ids, skip_special_tokens=True) == text


def test_specials_have_the_ids_of_t5() -> None:
    assert TOKENIZER.convert_tokens_to_ids(["<pad>", "</s>", "<unk>"]) == [0, 1, 2]
    assert (TOKENIZER.pad_token_id, TOKENIZER.eos_token_id, TOKENIZER.unk_token_id) == (0, 1, 2)


def test_the_vocabulary_is_at_most_what_was_asked() -> None:
    assert 259 < len(TOKENIZER) <= 320


def test_a_vocabulary_below_the_bytes_still_encodes_everything() -> None:
    assert len(train_tokenizer(WORDS, 10)) == 259


def test_the_same_texts_give_the_same_tokenizer() -> None:
    again = train_tokenizer(WORDS, 320)
    assert again.backend_tokenizer.to_str() == TOKENIZER.backend_tokenizer.to_str()


def test_a_long_report_is_not_cut_by_the_tokenizer() -> None:
    assert len(token_ids(TOKENIZER, ["heart " * 3000])[0]) > 3000


def test_a_saved_tokenizer_encodes_the_same(
    tmp_path, tokenizer: PreTrainedTokenizerFast, reports: list[Report]
) -> None:
    tokenizer.save_pretrained(tmp_path)
    texts = [report.findings for report in reports]
    again = AutoTokenizer.from_pretrained(tmp_path)
    assert token_ids(again, texts) == token_ids(tokenizer, texts)


def test_words_of_the_corpus_are_single_tokens_with_their_space() -> None:
    assert TOKENIZER.convert_ids_to_tokens(token_ids(TOKENIZER, ["The heart is"])[0]) == [
        "The",
        "Ġheart",
        "Ġis",
        "</s>",
    ]
