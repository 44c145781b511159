"""`radimpress history`: the ledger as people read it, checked as it is read."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from radimpress.config.schema import Config
from radimpress.registry.ledger.entry import Entry, minute
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.promotion.outage import answering
from radimpress.registry.promotion.settle import settle
from radimpress.registry.promotion.standing import stand
from radimpress.registry.promotion.targets import Target
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.store import open_store


@dataclass(frozen=True, slots=True)
class History:
    """The ledger and what is wrong with it."""

    name: str
    champion: str | None  # the version that the alias stands at
    entries: tuple[Entry, ...]  # newest first
    problems: tuple[str, ...]  # of the chain, of the alias, of an unfinished entry
    accepted: tuple[str, ...]  # damage that an entry says it knew of
    note: str = ""  # what was finished just now

    def as_json(self) -> dict[str, Any]:
        """For programs; the digest of the head is what to keep elsewhere, if anywhere."""
        return {
            "name": self.name,
            "champion": self.champion,
            "sound": not self.problems,
            "problems": list(self.problems),
            "accepted": list(self.accepted),
            "head": self.entries[0].digest if self.entries else None,
            "entries": [asdict(entry) for entry in self.entries],
        }


def history(config: Config, targets: Sequence[Target]) -> History:
    """Read and check the ledger; where it is sound, finish what an interrupted command left."""
    ledger = Ledger(open_store(config.tracking), config.tracking.registered_model)
    with answering(ledger.store):
        standing = stand(ledger)
        problems, note = list(standing.chain.problems), ""
        unfinished = standing.chain.unfinished
        if unfinished and problems:
            problems.append(f"entry {unfinished.sequence} was not carried out")
        elif unfinished:
            try:
                done = settle(ledger, targets)
                note = _finished(unfinished, done.refusal if done else "")
            except RadimpressError as error:
                problems.append(f"entry {unfinished.sequence} was not carried out: {error}")
            standing = stand(ledger)
        if standing.drift:
            problems.append(standing.drift)
        return History(
            name=ledger.name,
            champion=standing.champion.number if standing.champion else None,
            entries=standing.chain.entries[::-1],
            problems=tuple(problems),
            accepted=standing.chain.accepted,
            note=note,
        )


def table(entries: Sequence[Entry]) -> Table:
    """The entries, newest first, in 80 columns."""
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("#", justify="right")
    shown.add_column("when (UTC), who", min_width=16, max_width=24, overflow="fold")
    shown.add_column("champion", no_wrap=True)
    shown.add_column("gates, overrides, reason", overflow="fold")
    for entry in entries:
        shown.add_row(
            str(entry.sequence),
            f"{minute(entry.time)}\n{escape(entry.who)}",
            f"{entry.from_version or 'none'} → {entry.to_version or 'none'}\n{entry.action}",
            escape(_why(entry)),
        )
    return shown


def _finished(entry: Entry, refusal: str) -> str:
    if refusal:
        return f"entry {entry.sequence} had been interrupted; it was rolled back: {refusal}"
    return f"entry {entry.sequence} had been interrupted; it was carried out now"


def _why(entry: Entry) -> str:
    lines = []
    if entry.gates:
        words = [gate.rpartition(": ")[2] for gate in entry.gates]
        counts = {word: words.count(word) for word in dict.fromkeys(words)}
        lines.append("gates: " + ", ".join(f"{count} {word}" for word, count in counts.items()))
    lines += [f"OVERRIDDEN {gate}: {reason}" for gate, reason in entry.overrides.items()]
    if entry.reason:
        lines.append(entry.reason)
    lines += [f"accepted: {problem}" for problem in entry.accepted]
    return "\n".join(lines)
