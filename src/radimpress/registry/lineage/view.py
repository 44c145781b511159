"""A walk, and what was restored, as tables of 80 columns and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.markup import escape
from rich.table import Table

from radimpress.registry.lineage.link import Link, State
from radimpress.registry.lineage.restore import Restored
from radimpress.registry.lineage.walk import Walk
from radimpress.registry.versions import Version

CHECKED = {
    State.holds: "[green]holds[/]",
    State.broken: "[bold red]BROKEN[/]",
    State.unchecked: "[yellow]unseen[/]",
}
FETCHED = {
    State.holds: "[green]here[/]",
    State.broken: "[bold red]MISSING[/]",
    State.unchecked: "[yellow]left[/]",
}
CHECKED_WORDS = {
    State.holds: "hold",
    State.broken: "broken",
    State.unchecked: "cannot be checked here",
}
FETCHED_WORDS = {
    State.holds: "restored and verified",
    State.broken: "could not be restored",
    State.unchecked: "left out",
}


def walk_table(walked: Walk) -> Table:
    """A row a link, in the order of the walk."""
    return _table(_title(walked.version), walked.links, CHECKED, CHECKED_WORDS)


def restored_table(restored: Restored) -> Table:
    """A row for each thing that was to be restored."""
    title = f"{_title(restored.version)}, restored"
    return _table(title, restored.links, FETCHED, FETCHED_WORDS)


def walk_json(walked: Walk) -> dict[str, Any]:
    """`{"model", "version", "run_id", "aliases", "broken", "links": [{name, value, state, why}]}`.

    `state` is "holds", "broken" or "unchecked".
    """
    return {**_about(walked.version), "broken": walked.is_broken, "links": _links(walked.links)}


def restored_json(restored: Restored) -> dict[str, Any]:
    """As `walk_json`, with "folder" and "whole" instead of "broken"."""
    return {
        **_about(restored.version),
        "folder": str(restored.folder),
        "whole": restored.is_whole,
        "links": _links(restored.links),
    }


def _table(
    title: str, links: Sequence[Link], marks: Mapping[State, str], words: Mapping[State, str]
) -> Table:
    counts = {state: sum(link.state is state for link in links) for state in State}
    caption = ", ".join(f"{count} {words[state]}" for state, count in counts.items() if count)
    shown = Table(title=title, caption=caption, box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    shown.add_column("link", overflow="fold", max_width=28)
    shown.add_column("recorded", overflow="fold", max_width=16)
    shown.add_column("", no_wrap=True)
    shown.add_column("seen", overflow="fold")
    for link in links:
        name, value, why = (escape(text) for text in (link.name, link.value, link.why))
        shown.add_row(name, value, marks[link.state], why)
    return shown


def _title(chosen: Version) -> str:
    return f"{chosen.name} version {chosen.number}"


def _about(chosen: Version) -> dict[str, Any]:
    return {
        "model": chosen.name,
        "version": chosen.number,
        "run_id": chosen.run_id,
        "aliases": list(chosen.aliases),
    }


def _links(links: Sequence[Link]) -> list[dict[str, str]]:
    return [
        {"name": link.name, "value": link.value, "state": link.state.name, "why": link.why}
        for link in links
    ]
