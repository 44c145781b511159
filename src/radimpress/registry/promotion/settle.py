"""Brings alias, targets and tags in line with the ledger: the redo of the redo log.

The ledger entry is the moment from which a promotion counts. Everything after it is made so that
it can be done twice, by anybody, after any crash: whoever comes next (`promote`, `history`) finds
an entry without its `settled` mark and carries it out from the start.

An alias cannot be moved on condition. So whoever moved it reads the ledger once more and, where
another entry was written meanwhile, carries out that one: the last to move it is then always one
who saw the last entry.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from radimpress.registry.ledger.entry import Entry, draft, now
from radimpress.registry.ledger.ledger import Ledger, OvertakenError
from radimpress.registry.promotion.marks import mark_champion
from radimpress.registry.promotion.targets import Target, UnreachedError
from radimpress.registry.versions import CHALLENGER, CHAMPION, Version, find
from radimpress.runtime.errors import RadimpressError, next_step


@dataclass(frozen=True, slots=True)
class Settled:
    """What was carried out."""

    head: Entry
    served: tuple[str, ...] = ()  # what each target said
    refusal: str = ""  # why a target refused what the entry before this rollback promoted


def settle(ledger: Ledger, targets: Sequence[Target]) -> Settled | None:
    """Carry out the head of the ledger where nobody did yet; None where all is settled.

    A promotion that a target refuses is rolled back here, and the rollback recorded with the
    reason. Raises RadimpressError where a target refuses to go back, or where the version of the
    head is gone, or where a target could not be asked; the ledger then stays unfinished.
    """
    head = ledger.read().unfinished
    return carry_out(ledger, head, targets) if head else None


def carry_out(ledger: Ledger, head: Entry, targets: Sequence[Target]) -> Settled:
    """As `settle`, for a head that was just written."""
    refusal = ""
    while True:
        served: tuple[str, ...] = ()
        try:
            served = _apply(ledger, head, targets)
        except _RefusedError as error:
            if head.action == "rollback":
                raise
            refusal = str(error).partition("; next: ")[0]  # what to do is told once, not recorded
            _take_back(ledger, head, refusal)
        newest = ledger.read().head
        if newest is None or newest.digest == head.digest:
            return Settled(head, served, refusal)
        head = newest


class _RefusedError(RadimpressError):
    """A target did not take the version."""


def _apply(ledger: Ledger, entry: Entry, targets: Sequence[Target]) -> tuple[str, ...]:
    client, name = ledger.store.client, ledger.name
    served: tuple[str, ...] = ()
    if entry.to_version is None:
        ledger.note_head(entry)
        client.delete_registered_model_alias(name, CHAMPION)
    else:
        version = find(ledger.store, name, entry.to_version)
        if version is None:
            raise next_step(
                f"version {entry.to_version} of {name}, champion by entry {entry.sequence} of the "
                "ledger, was deleted",
                "radimpress rollback --to VERSION --reason TEXT, to one that is still there",
            )
        ledger.note_head(entry)
        client.set_registered_model_alias(name, CHAMPION, version.number)
        served = tuple(_serve(target, version) for target in targets)
        if entry.action == "promote" and CHALLENGER in version.aliases:
            client.delete_registered_model_alias(name, CHALLENGER)
    mark_champion(ledger.store, entry)
    _describe(ledger)
    ledger.settle(entry, now())
    return served


def _describe(ledger: Ledger) -> None:
    """Bring the page of the model in the MLflow UI up to date; it must not hold up a champion."""
    from mlflow.exceptions import MlflowException

    from radimpress.registry.registration.model_page import describe  # loads what a table needs

    with contextlib.suppress(MlflowException, OSError):
        describe(ledger.store, ledger.name)


def _serve(target: Target, version: Version) -> str:
    try:
        return target.serve(version)
    except UnreachedError:  # the entry stays unfinished, and the next command carries it out
        raise
    except RadimpressError as error:
        raise _RefusedError(str(error)) from error


def _take_back(ledger: Ledger, refused: Entry, reason: str) -> None:
    """Record that a promotion is undone; somebody who moved on meanwhile has done so already."""
    previous = refused.from_version
    version = find(ledger.store, ledger.name, previous) if previous else None
    written = replace(
        draft("rollback", ledger.name, refused.to_version, previous),
        model_sha256=version.model_sha256 if version else "",
        reason=f"by itself: {reason}",
    )
    with contextlib.suppress(OvertakenError):
        ledger.append(written, refused)
