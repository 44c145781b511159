"""The requests of a batch transform for one object, and the object that the answers make."""

from collections.abc import Iterable, Iterator


def requests(content: bytes, split: str, many: bool, most: int) -> Iterator[bytes]:
    """The bodies for one object: all of it, a line each, or as many lines as fit in `most` bytes.

    Raises ValueError where a record alone is larger.
    """
    if split == "None":
        yield _fitting(content, most)
        return
    held: list[bytes] = []
    size = 0
    for line in content.splitlines():
        record = _fitting(line, most)
        if held and (not many or size + len(record) + 1 > most):
            yield b"\n".join(held)
            held, size = [], 0
        held.append(record)
        size += len(record) + 1
    if held:
        yield b"\n".join(held)


def assemble(answers: Iterable[bytes], by_line: bool) -> bytes:
    """The object that the answers make, in the order of the requests."""
    if by_line:
        return b"".join(answer.rstrip(b"\n") + b"\n" for answer in answers)
    return b"".join(answers)


def _fitting(record: bytes, most: int) -> bytes:
    if len(record) > most:
        raise ValueError(f"a record of {len(record)} bytes is larger than MaxPayloadInMB")
    return record
