import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.corpus.list_numbers import strip_list_numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. No effusion.", "No effusion."),
        ("1. No effusion. 2. Stable heart.", "No effusion. Stable heart."),
        ("1) No effusion. 2) Stable heart.", "No effusion. Stable heart."),
        ("(1) No effusion. (2) Stable.", "No effusion. Stable."),
        ("1.No effusion. 2.Stable heart.", "No effusion. Stable heart."),
        ("1 . Clear. 2 . Stable.", "Clear. Stable."),
        ("1. No effusion 2. No pneumothorax", "No effusion No pneumothorax"),
        ("1. No effusion\n 2. no pneumothorax", "No effusion\n 2. no pneumothorax"),
        ("Cardiomegaly.\n \n 1. Clear.\n \n 2. stable.", "Cardiomegaly.\n \n Clear.\n \n stable."),
        ("1. Cardiomegaly 2. ____ opacity", "Cardiomegaly ____ opacity"),
        ("9. A. 10. B. 11. C.", "A. B. C."),
        ("1. A. 2. B. 2. C. 5. D.", "A. B. C. D."),
        ("As follows:\n 1. Clear", "As follows:\n Clear"),
    ],
)
def test_list_numbers_are_stripped(text: str, expected: str) -> None:
    assert strip_list_numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Fracture of the lateral right rib 7. No pneumothorax.",
        "Fractures of ribs 6 and\n 7. No pneumothorax.",
        "Compression of T12. Normal alignment.",
        "A nodule of 1.5 cm, up from 1.2 cm.",
        "Nodule (series 4, image 2) Normal otherwise.",
        "Fracture of level 3. Stable.",
        "No. 12 catheter.",
        "Follow up in 2 weeks.",
        "",
    ],
)
def test_numbers_that_are_content_stay(text: str) -> None:
    assert strip_list_numbers(text) == text


def test_content_numbers_stay_inside_a_list() -> None:
    listed = "1. Fracture of rib 2. No effusion. 2. Fracture of T7. 3. Stable."
    assert strip_list_numbers(listed) == "Fracture of rib 2. No effusion. Fracture of T7. Stable."


sentences = st.lists(
    st.sampled_from(
        ["No effusion.", "Fracture of rib 7.", "Stable at T12.", "Up to 1.5 cm.", "___ opacity."]
    ),
    min_size=1,
    max_size=12,
)
marks = st.sampled_from(["{}. ", "{}) ", "({}) ", "{}.) ", "{}.  "])


@given(sentences, marks, st.sampled_from([" ", "\n ", "\n \n "]))
def test_any_list_of_sentences_loses_its_numbers_and_nothing_else(
    items: list[str], mark: str, between: str
) -> None:
    listed = between.join(mark.format(n) + item for n, item in enumerate(items, 1))
    assert strip_list_numbers(listed) == between.join(items)


@given(st.text(alphabet="abc. \n"))
def test_text_without_digits_is_untouched(text: str) -> None:
    assert strip_list_numbers(text) == text


def test_a_megabyte_of_numbers_is_read_in_linear_time() -> None:
    assert strip_list_numbers("1. " * 100_000) == ""
