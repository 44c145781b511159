"""Reads what a registry holds of a ledger: which entries count, and what was changed or lost.

Pure: the numbers, texts and digests that stand in the registry in, a `Chain` out.

The registry numbers entries one after another, whoever writes. An entry says itself which number
it was written for, so of two people who write at once one gets another number than his entry says:
that entry is void, and everybody sees it the same way. What is not void has to follow: its
`previous` is the digest of the entry that counts before it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from radimpress.registry.ledger.entry import Entry, digest, read_entry


@dataclass(frozen=True, slots=True)
class Record:
    """One entry as it stands in the registry, believed by nobody yet."""

    number: int
    text: str
    digest: str
    settled: bool = False  # alias, targets and tags were brought in line with it


@dataclass(frozen=True, slots=True)
class Mark:
    """The head of the ledger as it was noted elsewhere, so that a cut tail is noticed."""

    sequence: int
    digest: str

    @classmethod
    def of(cls, entry: Entry) -> "Mark":
        """The mark that an entry leaves."""
        return cls(entry.sequence, entry.digest)

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark behind `SEQUENCE:DIGEST`, or None for a text that is none."""
        sequence, _, value = text.partition(":")
        return cls(int(sequence), value) if sequence.isdigit() else None

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Chain:
    """The ledger as far as it can be believed."""

    entries: tuple[Entry, ...] = ()  # those that count, oldest first
    problems: tuple[str, ...] = ()  # damage that nobody accepted
    accepted: tuple[str, ...] = ()  # damage that a later entry says it knew of
    highest: int = 0  # number of the newest record, void or not
    settled: bool = True  # whether the head was carried out

    @property
    def head(self) -> Entry | None:
        """The newest entry that counts."""
        return self.entries[-1] if self.entries else None

    @property
    def unfinished(self) -> Entry | None:
        """The head, where it was written and not yet carried out."""
        return None if self.settled else self.head


def read_chain(name: str, records: Iterable[Record], marks: Iterable[Mark] = ()) -> Chain:
    """The chain of registered model `name` that `records` and the noted heads `marks` make."""
    ordered = sorted(records, key=lambda record: record.number)
    counted: list[Entry] = []
    settled: dict[int, bool] = {}
    damage: list[str] = []
    bad: set[int] = set()
    for record in ordered:
        entry = _sound(name, record)
        if entry is None:
            bad.add(record.number)
            damage.append(
                f"entry {record.number} was changed: its text does not give its digest "
                f"({_seen(record)})"
            )
        elif entry.sequence == record.number:
            if entry.previous != (counted[-1].digest if counted else ""):
                damage += _break(counted, entry, {r.number for r in ordered}, bad)
            counted.append(entry)
            settled[record.number] = record.settled
    damage += _cut(counted, bad, marks)
    known = {problem for entry in counted for problem in entry.accepted}
    return Chain(
        entries=tuple(counted),
        problems=tuple(d for d in damage if d not in known),
        accepted=tuple(d for d in damage if d in known),
        highest=max((record.number for record in ordered), default=0),
        settled=settled[counted[-1].sequence] if counted else True,
    )


def _sound(name: str, record: Record) -> Entry | None:
    """The entry of a record whose text gives its digest and speaks of this model."""
    try:
        entry = read_entry(record.text)
    except ValueError:
        return None
    return entry if entry.digest == record.digest and entry.name == name else None


def _seen(record: Record) -> str:
    """What tells one change from the next, so that accepting one accepts no other."""
    return f"seen {digest(record.text + record.digest)[:12]}"


def _break(
    counted: Sequence[Entry], entry: Entry, present: set[int], bad: set[int]
) -> Iterable[str]:
    """Why `entry` does not follow the last one counted; nothing where that was said already."""
    last = counted[-1].sequence if counted else 0
    between = range(last + 1, entry.sequence)
    missing = [number for number in between if number not in present]
    if missing:
        yield _lost(missing[0], missing[-1], entry.previous)
    elif any(number in bad for number in between):
        return
    elif counted:
        yield (
            f"entry {last} was changed and sealed anew: entry {entry.sequence} follows "
            f"{entry.previous[:12]}, it gives {counted[-1].digest[:12]}"
        )
    else:
        yield _lost(entry.sequence, entry.sequence, entry.previous)


def _cut(counted: Sequence[Entry], bad: set[int], marks: Iterable[Mark]) -> Iterable[str]:
    """What the noted heads say is missing at the end or was sealed anew there."""
    last = counted[-1].sequence if counted else 0
    by_number = {entry.sequence: entry for entry in counted}
    for mark in dict.fromkeys(marks):
        entry = by_number.get(mark.sequence)
        if entry is not None and entry.digest != mark.digest:
            yield (
                f"entry {mark.sequence} was changed and sealed anew: its digest was noted as "
                f"{mark.digest[:12]}, it gives {entry.digest[:12]}"
            )
        elif entry is None and mark.sequence > last and mark.sequence not in bad:
            yield _lost(last + 1, mark.sequence, mark.digest)


def _lost(first: int, last: int, value: str) -> str:
    which = f"entry {last} is" if first == last else f"entries {first} to {last} are"
    return f"{which} missing (digest {value[:12]})"
