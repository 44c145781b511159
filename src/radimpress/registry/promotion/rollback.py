"""`radimpress rollback`: back to a version that was champion before, in one command."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from radimpress.cloud.fetched_models import stored_bytes
from radimpress.config.cloud import Cloud
from radimpress.config.schema import Config
from radimpress.registry.ledger.entry import Entry, draft
from radimpress.registry.ledger.ledger import HEAD, Ledger
from radimpress.registry.ledger.succession import reigned, succession
from radimpress.registry.promotion.outage import answering
from radimpress.registry.promotion.settle import carry_out
from radimpress.registry.promotion.standing import Standing, refuse_damage, refuse_drift, stand
from radimpress.registry.promotion.targets import Target
from radimpress.registry.versions import Version, version
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import next_step
from radimpress.tracking.models import kept_folder, model_folder, model_reference
from radimpress.tracking.store import Store, open_store


@dataclass(frozen=True, slots=True)
class RolledBack:
    """What came of `radimpress rollback`; no entry where nothing had to move."""

    number: str
    before: str | None
    entry: Entry | None = None
    served: tuple[str, ...] = ()


def rollback(config: Config, to: str | None, reason: str, targets: Sequence[Target]) -> RolledBack:
    """Make `to` (None: the champion before this one) champion again, and record it.

    An interrupted promotion is not finished first: going back overtakes it; an interrupted rollback
    is. With `to` and a reason, a damaged ledger is accepted as it is, and an alias that was moved
    by hand is put back.
    Raises RadimpressError where there is nothing to go back to, for a version that was never
    champion, for a model whose files are not what was registered, and for a target that refuses.
    """
    ledger = Ledger(open_store(config.tracking), config.tracking.registered_model)
    with answering(ledger.store):
        standing = stand(ledger)
        if not (to and reason):
            refuse_damage(standing)
            refuse_drift(standing)
        chosen = version(ledger.store, ledger.name, to or _previous(standing))
        accepted = standing.chain.problems
        before = _before(standing, chosen)
        if chosen.number == before and not accepted:
            return _again(ledger, standing, chosen, targets)
        _refuse_newcomer(standing, chosen)
        _refuse_damaged(ledger.store, chosen, config.cloud)
        written = replace(
            draft("rollback", ledger.name, before, chosen.number),
            model_sha256=chosen.model_sha256,
            reason=f"moved by hand before: {reason}" if standing.drift else reason,
            accepted=accepted,
        )
        entry = ledger.append(written, standing.chain.head)
        done = carry_out(ledger, entry, targets)
        return RolledBack(chosen.number, before, entry, done.served)


def _present(standing: Standing) -> str | None:
    """Who is champion: the head where it is not carried out yet, else the alias."""
    if unfinished := standing.chain.unfinished:
        return unfinished.to_version
    return standing.champion.number if standing.champion else None


def _before(standing: Standing, chosen: Version) -> str | None:
    """What the entry says it came from: by the ledger, where the entry of the present is lost."""
    head = standing.chain.head
    present = _present(standing)
    moved = standing.drift and head and chosen.number == present
    return head.to_version if moved and head else present


def _previous(standing: Standing) -> str:
    unfinished = standing.chain.unfinished
    if unfinished and unfinished.action == "rollback" and unfinished.to_version:
        return unfinished.to_version
    champions = succession(standing.chain.entries)
    if len(champions) > 1:
        return champions[-2]
    present = _present(standing)
    if present is None:
        raise next_step("there is no champion to go back from", "radimpress promote")
    others = sorted(reigned(standing.chain.entries) - {present}, key=int)
    raise next_step(
        f"version {present} is the first champion: there is none before it",
        f"radimpress rollback --to VERSION ({', '.join(others)})" if others else "promote another",
    )


def _again(
    ledger: Ledger, standing: Standing, chosen: Version, targets: Sequence[Target]
) -> RolledBack:
    """It is champion; carry out what an interrupted command left of that."""
    unfinished = standing.chain.unfinished
    done = carry_out(ledger, unfinished, targets) if unfinished else None
    return RolledBack(
        chosen.number, chosen.number, done.head if done else None, done.served if done else ()
    )


def _refuse_newcomer(standing: Standing, chosen: Version) -> None:
    """Only what the ledger made champion may be gone back to: a moved alias proves nothing.

    Where its entry is lost, the ledger's note on the version says that there was one.
    """
    known = reigned(standing.chain.entries)
    if chosen.number not in known and HEAD not in chosen.tags:
        numbers = ", ".join(sorted((n for n in known if n), key=int)) or "none yet"
        raise next_step(
            f"version {chosen.number} was never champion (champions: {numbers})",
            f"radimpress promote --candidate {chosen.number}",
        )


def _refuse_damaged(store: Store, chosen: Version, cloud: Cloud) -> None:
    """A champion whose files are lost or changed would serve nobody.

    Of a model by reference only its presence in S3 is asked: whoever loads it checks every file.
    """
    if not chosen.model_sha256:
        return
    reference = model_reference(store, chosen.uri)
    if reference and not kept_folder(reference.sha256).is_dir():
        stored_bytes(reference, cloud)
        return
    folder = model_folder(store, chosen.uri)
    seen = folder_sha256(folder) if folder.is_dir() else "none"
    if seen != chosen.model_sha256:
        raise next_step(
            f"the files of version {chosen.number} in {folder} are not what was registered (sha256 "
            f"{seen[:12]}, recorded {chosen.model_sha256[:12]})",
            "restore them from a backup, or name another version with --to",
        )
