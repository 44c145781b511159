import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from radimpress.corpus.archive_entry import all_surely_safe, is_unsafe


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../s1.txt", "a/../../s1.txt", "C:\\s1.txt", "..\\s1.txt", "a/\0.txt", ""],
)
def test_names_that_leave_their_folder_are_unsafe(name: str) -> None:
    assert is_unsafe(name)


@pytest.mark.parametrize("name", ["files/p10/p1/s1.txt", "./a/s1.txt", "a..b/s1.txt"])
def test_ordinary_names_are_safe(name: str) -> None:
    assert not is_unsafe(name)


@given(st.lists(st.text("ab./\\:\n\0é_", max_size=6), max_size=3))
@example(["a", ""])
@example(["."])
@example(["/a"])
def test_names_that_are_surely_safe_are_safe(names: list[str]) -> None:
    assert not (all_surely_safe(names) and any(map(is_unsafe, names)))


def test_the_names_of_a_corpus_are_surely_safe() -> None:
    assert all_surely_safe(["files/p10/p10000032/s50414267.txt", "mimic-cxr/2.0.0/p1/s2.txt"])
