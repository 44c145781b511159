from radimpress.corpus.chunk import chunked


def test_the_last_chunk_is_shorter_and_nothing_is_read_ahead() -> None:
    read: list[int] = []
    chunks = chunked((read.append(n) or n for n in range(5)), 2)  # type: ignore[func-returns-value]
    assert next(chunks) == [0, 1]
    assert read == [0, 1]
    assert list(chunks) == [[2, 3], [4]]
