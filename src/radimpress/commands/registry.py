"""Who is champion: make one, go back to one, see who made which."""

import json
from collections.abc import Mapping
from itertools import repeat
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from radimpress.commands.console import out
from radimpress.config.program import pin_threads
from radimpress.runtime.errors import next_step

if TYPE_CHECKING:
    from radimpress.registry.promotion.promote import Promoted


def promote(
    candidate: Annotated[
        str, typer.Option(help="A version, or the alias of one.", metavar="VERSION|ALIAS")
    ] = "challenger",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge, and write nothing.")] = False,
    override: Annotated[
        list[str] | None,
        typer.Option(help="Let a failed gate pass; never lineage or leakage.", metavar="GATE"),
    ] = None,
    reason: Annotated[
        list[str] | None,
        typer.Option(help="Why, one for each --override or one for all.", metavar="TEXT"),
    ] = None,
) -> None:
    """Make the challenger champion, where every gate of conf/promotion passes.

    Measures candidate and champion on the same frozen reports, prints what each gate says, and
    moves nothing where one fails (exit 1). Who, when and why goes into the ledger of the registry:
    radimpress history. Interrupted, the same command finishes what it began.

    Example: radimpress promote --dry-run
    """
    from radimpress.config.load import from_params
    from radimpress.registry.promotion import gate_table, targets
    from radimpress.registry.promotion.promote import Outcome
    from radimpress.registry.promotion.promote import promote as run

    overrides = paired(override or [], reason or [])
    config = from_params()
    pin_threads(config.compute.threads)
    reached = targets.targets(config)
    done = run(
        config, candidate, reached, dry_run, overrides, lambda d: out.print(gate_table.table(d))
    )
    out.print(escape(_outcome(done)), soft_wrap=True)
    raise typer.Exit(done.outcome is Outcome.refused)


def rollback(
    to: Annotated[
        str | None, typer.Option(help="A version that was champion before.", metavar="VERSION")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the ledger.", metavar="TEXT")] = "",
) -> None:
    """Go back to the champion before this one: alias, servers and record, in one command.

    With --to and --reason it also puts right what was done outside radimpress: an alias that was
    moved by hand, a ledger that was damaged. What it found is recorded.

    Example: radimpress rollback --reason "misses small effusions"
    """
    from radimpress.config.load import from_params
    from radimpress.registry.promotion.rollback import rollback as run
    from radimpress.registry.promotion.targets import targets

    config = from_params()
    done = run(config, to, reason, targets(config))
    if done.number == done.before:
        said = f"version {done.number} is champion already"
    else:
        said = f"version {done.number} is champion again, in place of {_named(done.before)}"
    record = f"; entry {done.entry.sequence}, {done.entry.digest[:12]}" if done.entry else ""
    out.print(escape("; ".join([said + record, *done.served])), soft_wrap=True)


def history(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Show who made which version champion, when and why, newest first; check the chain.

    Exits 1 and names the entry where one was changed or lost, where the alias was moved outside
    radimpress, or where a promotion could not be carried out. One that was interrupted is finished.

    Example: radimpress history --json
    """
    from radimpress.config.load import from_params
    from radimpress.registry.promotion.history import history as read
    from radimpress.registry.promotion.history import table
    from radimpress.registry.promotion.targets import targets

    config = from_params()
    found = read(config, targets(config))
    if as_json:
        print(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
        raise typer.Exit(bool(found.problems))
    if found.entries:
        out.print(table(found.entries))
    for line in (*found.problems, *(f"accepted: {text}" for text in found.accepted), found.note):
        if line:
            out.print(escape(line), soft_wrap=True)
    if found.problems:
        number = len(found.problems)
        raise next_step(
            f"{number} {'thing is' if number == 1 else 'things are'} wrong in the history above",
            "docs/promotion.md says what each means and how to put it right",
        )
    state = f"champion is {_named(found.champion)}"
    if found.entries:
        number = len(found.entries)
        state += f"; {number} {'entry' if number == 1 else 'entries'}, the chain is sound, head "
        state += found.entries[0].digest[:12]
    else:
        state += "; nothing was promoted yet: radimpress promote"
    out.print(escape(state), soft_wrap=True)


def paired(gates: list[str], reasons: list[str]) -> Mapping[str, str]:
    """Each overridden gate with its reason. Raises RadimpressError where one has none."""
    if not gates:
        if reasons:
            raise next_step("--reason was given without --override", "name the gate it is for")
        return {}
    if not reasons or not all(reason.strip() for reason in reasons):
        raise next_step(
            f"--override {gates[0]} needs a reason", "say why with --reason TEXT: it is recorded"
        )
    if len(reasons) not in (1, len(gates)):
        raise next_step(
            f"{len(gates)} gates were overridden with {len(reasons)} reasons",
            "give one --reason for all, or one for each in the same order",
        )
    return dict(zip(gates, reasons if len(reasons) > 1 else repeat(reasons[0]), strict=False))


def _outcome(done: "Promoted") -> str:
    """One line that says what happened."""
    from radimpress.registry.promotion.promote import Outcome

    version = f"version {done.number}"
    record = f"; entry {done.entry.sequence}, {done.entry.digest[:12]}" if done.entry else ""
    failed = (
        [g.name for g in done.decision.gates if done.decision.verdict(g) == "fail"]
        if (done.decision)
        else []
    )
    said = {
        Outcome.promoted: f"{version} is champion, in place of {_named(done.before)}",
        Outcome.refused: f"{version} is refused by {', '.join(failed)}; champion is "
        f"still {_named(done.before)}",
        Outcome.unchanged: f"{version} is champion already; nothing to promote",
        Outcome.finished: f"the interrupted promotion is finished: {version} is champion",
        Outcome.rehearsed: f"{version} would be promoted, in place of {_named(done.before)}; "
        "nothing was written",
    }
    return "; ".join([said[done.outcome] + record, *done.served])


def _named(number: str | None) -> str:
    return f"version {number}" if number else "none"
