"""The decision as a table that a person reads in 80 columns."""

from rich import box
from rich.markup import escape
from rich.table import Table

from radimpress.registry.promotion.decision import Decision

MARKS = {
    "pass": "[green]pass[/]",
    "fail": "[bold red]FAIL[/]",
    "overridden": "[bold yellow]OVERRIDDEN[/]",
    "not judged": "[dim]not judged[/]",
}


def table(decision: Decision) -> Table:
    """Gate, verdict, what was measured (value, interval, why) and what it is held against."""
    champion = f"champion {decision.champion}" if decision.champion else "no champion"
    shown = Table(
        title=f"version {decision.candidate} against {champion}: {decision.reports:,} reports of "
        f"{decision.split}",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    shown.add_column("gate", no_wrap=True)
    shown.add_column("", no_wrap=True)
    shown.add_column("measured", overflow="fold")
    shown.add_column("asked for", overflow="fold")
    for gate in decision.gates:
        verdict = decision.verdict(gate)
        given = decision.overrides.get(gate.name) if verdict == "overridden" else None
        why = gate.reason.removeprefix("not judged: ")  # the column beside says so
        said = [gate.value, gate.interval, why, f"overridden: {given}" if given else ""]
        measured = "\n".join(escape(text) for text in said if text)
        shown.add_row(gate.name, MARKS[verdict], measured, escape(gate.threshold))
    return shown
