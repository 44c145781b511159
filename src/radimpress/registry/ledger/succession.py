"""Who was champion before whom, so that a rollback knows where to go. Pure."""

from collections.abc import Iterable, Sequence

from radimpress.registry.ledger.entry import Entry


def succession(entries: Iterable[Entry]) -> list[str]:
    """The champions that stand behind one another, the present one last.

    A promotion puts a version on top; a rollback takes off what lies above the version it goes back
    to. So two rollbacks go back by two champions, and do not swap the last two for ever.
    """
    stack: list[str] = []
    for entry in entries:
        if entry.to_version is None:
            stack = []
            continue
        if not stack and entry.from_version:
            stack = [entry.from_version]  # made champion before there was a ledger
        if entry.action == "rollback" and entry.to_version in stack:
            while stack[-1] != entry.to_version:
                stack.pop()
        else:
            stack.append(entry.to_version)
    return stack


def reigned(entries: Sequence[Entry]) -> set[str]:
    """Every version that the ledger made champion, and the one that it found there at first."""
    found = [entry.from_version for entry in entries[:1]]
    return {v for v in [*found, *(entry.to_version for entry in entries)] if v}
