"""`radimpress promote`: decide, write it to the ledger, then move what users reach."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from radimpress.config.schema import Config
from radimpress.registry.ledger.entry import Draft, Entry, draft
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.promotion.decision import Decision, as_json, as_markdown, decide, digest
from radimpress.registry.promotion.marks import log_decision, mark_refused
from radimpress.registry.promotion.outage import answering
from radimpress.registry.promotion.settle import Settled, carry_out, settle
from radimpress.registry.promotion.standing import Standing, refuse_damage, refuse_drift, stand
from radimpress.registry.promotion.targets import Target
from radimpress.registry.versions import CHALLENGER, Version, find, version
from radimpress.runtime.errors import next_step
from radimpress.tracking.store import open_store


class Outcome(Enum):
    """How a promotion ended."""

    promoted = "promoted"
    refused = "refused"  # a gate failed, and everything stands as it stood
    unchanged = "unchanged"  # it was champion already
    finished = "finished"  # an interrupted promotion of it was carried out
    rehearsed = "rehearsed"  # a dry run whose gates all passed


@dataclass(frozen=True, slots=True)
class Promoted:
    """What came of `radimpress promote`."""

    outcome: Outcome
    number: str  # of the candidate
    before: str | None = None  # the champion that it replaced or was measured against
    entry: Entry | None = None
    decision: Decision | None = None
    served: tuple[str, ...] = ()


def promote(
    config: Config,
    candidate: str,
    targets: Sequence[Target],
    dry_run: bool = False,
    overrides: Mapping[str, str] | None = None,
    show: Callable[[Decision], None] = lambda _: None,
) -> Promoted:
    """Judge `candidate` (a version or alias) and, where every gate passes, make it champion.

    `show` is given the decision before anything moves. A dry run writes nothing anywhere. Raises
    RadimpressError for a version that does not exist, a damaged ledger, an alias that was moved by
    hand, somebody else's promotion at the same time, and a target that refused (the promotion is
    then rolled back).
    """
    ledger = Ledger(open_store(config.tracking), config.tracking.registered_model)
    with answering(ledger.store):
        refuse_damage(stand(ledger))
        done = None if dry_run else _finish(ledger, targets)
        standing = stand(ledger)
        refuse_drift(standing)
        present = _champion(ledger, standing)
        judged = _candidate(ledger, candidate, standing)
        if judged is None or (present and judged.number == present.number):
            return _nothing_to_do(done, present)
        decision = decide(config, ledger.store, judged, present, overrides or {})
        show(decision)
        before = present.number if present else None
        if dry_run:
            outcome = Outcome.rehearsed if decision.passed else Outcome.refused
            return Promoted(outcome, judged.number, before, decision=decision)
        _keep(ledger, judged, decision)
        if not decision.passed:
            return Promoted(Outcome.refused, judged.number, before, decision=decision)
        refuse_drift(stand(ledger))  # deciding takes minutes
        entry = ledger.append(_draft(ledger, judged, before, decision), standing.chain.head)
        served = accepted(carry_out(ledger, entry, targets), entry).served
        return Promoted(Outcome.promoted, judged.number, before, entry, decision, served)


def _finish(ledger: Ledger, targets: Sequence[Target]) -> Settled | None:
    """Carry out what an interrupted command left."""
    done = settle(ledger, targets)
    return accepted(done, done.head) if done else None


def accepted(done: Settled, entry: Entry) -> Settled:
    """`done`, unless a target refused what it should have served."""
    if done.refusal:
        restored = done.head.to_version
        state = f"version {restored} is champion again" if restored else "there is no champion"
        raise next_step(
            f"the promotion was rolled back (entry {done.head.sequence}), {state}: {done.refusal}",
            "mend that and promote again",
        )
    if done.head.digest != entry.digest:
        head = done.head
        raise next_step(
            f"version {entry.to_version} was champion until {head.who} moved on to version "
            f"{head.to_version or 'none'} (entry {head.sequence})",
            "look at `radimpress history`",
        )
    return done


def _champion(ledger: Ledger, standing: Standing) -> Version | None:
    """The champion by the ledger where that is not carried out yet (a dry run), else by alias."""
    unfinished = standing.chain.unfinished
    if unfinished is None:
        return standing.champion
    to = unfinished.to_version
    return find(ledger.store, ledger.name, to) if to else None


def _candidate(ledger: Ledger, which: str, standing: Standing) -> Version | None:
    """The version to judge; None where the last challenger is champion and no other came."""
    head = standing.chain.head
    promoted_last = head is not None and head.action == "promote"
    if which == CHALLENGER and promoted_last and not find(ledger.store, ledger.name, CHALLENGER):
        return None
    found = version(ledger.store, ledger.name, which)
    if found.name != ledger.name:
        raise next_step(
            f"{which} is no version of {ledger.name}", "set tracking.registered_model to its name"
        )
    return found


def _nothing_to_do(done: Settled | None, present: Version | None) -> Promoted:
    number = present.number if present else ""
    if done:
        return Promoted(
            Outcome.finished, number, done.head.from_version, done.head, None, done.served
        )
    return Promoted(Outcome.unchanged, number)


def _keep(ledger: Ledger, judged: Version, decision: Decision) -> None:
    """Keep the decision with the candidate, before anything moves: a crash must not lose it."""
    record = digest(decision)
    text = json.dumps(as_json(decision), indent=2, ensure_ascii=False) + "\n"
    log_decision(ledger.store, judged, record, text, as_markdown(decision))
    if not decision.passed:
        names = tuple(g.name for g in decision.gates if decision.verdict(g) == "fail")
        mark_refused(ledger.store, judged, names, record)


def _draft(ledger: Ledger, judged: Version, before: str | None, decision: Decision) -> Draft:
    verdicts = {gate.name: decision.verdict(gate) for gate in decision.gates}
    used = {g: why for g, why in decision.overrides.items() if verdicts.get(g) == "overridden"}
    return replace(
        draft("promote", ledger.name, before, judged.number),
        model_sha256=judged.model_sha256,
        gates=tuple(f"{name}: {verdict}" for name, verdict in verdicts.items()),
        overrides=used,
        decision=digest(decision),
    )
