import pytest

from radimpress.corpus.archive_entry import is_unsafe


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../s1.txt", "a/../../s1.txt", "C:\\s1.txt", "..\\s1.txt", "a/\0.txt", ""],
)
def test_names_that_leave_their_folder_are_unsafe(name: str) -> None:
    assert is_unsafe(name)


@pytest.mark.parametrize("name", ["files/p10/p1/s1.txt", "./a/s1.txt", "a..b/s1.txt"])
def test_ordinary_names_are_safe(name: str) -> None:
    assert not is_unsafe(name)
