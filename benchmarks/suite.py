"""What every benchmark shares: contestants, fair rounds, and a result that can be read and kept.

A benchmark is a program `benchmarks/<name>.py` of this form:

    def bench(options: suite.Options) -> list[suite.Race]: ...

    if __name__ == "__main__":
        suite.main(__doc__, bench, packages=["rouge-score"])

`--quick` takes a small input, to check the benchmark itself; its times mean nothing and no file is
written. Without it, the result goes to benchmarks/results/<name>.json (where the kind of processor
decides the times, each has its own: `variant`), from which
`python pipelines/performance_page.py` makes docs/performance.md.

Every contestant runs once before the clock, and the outputs are compared: a race between unequal
answers is no race. Then each takes its turn in every round, in another order each time, so that a
busy machine is busy for all of them. Ratios are made within a round: read those.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from machine import describe_machine, versions

RESULTS = Path(__file__).resolve().parent / "results"
FORMAT = 1  # of the JSON

say = Console(stderr=True)


class UnequalError(Exception):
    """Contestants that should agree do not: the message says which and by how much."""


class Role(StrEnum):
    """What a contestant is in a race."""

    ours = "ours"
    peer = "peer"
    floor = "floor"  # what nobody can do without, measured in the same rounds


class Clock(StrEnum):
    """Which time a race is judged by; the other is recorded too."""

    cpu = "cpu"  # user and system, all threads and finished children: fair on a shared machine
    wall = "wall"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way to do the work of a race; `run` does it and gives the output that is compared.

    `share` is the part of the input that `run` handles, for peers that would take hours on all of
    it; their seconds are divided by it, and the table says so. `seconds`, where given, takes the
    output and says what it cost: for work in a process of its own, with its imports left out.
    """

    name: str
    run: Callable[[], Any]
    role: Role = Role.peer
    share: float = 1.0
    seconds: Callable[[Any], "Spent"] | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of the clock on the wall and of the processor."""

    wall: float
    cpu: float

    def __truediv__(self, share: float) -> "Spent":
        return Spent(self.wall / share, self.cpu / share)


@dataclass(frozen=True, slots=True)
class Reach:
    """A target: ours against a peer (`at_least` times as fast) or a floor (`at_most` times it).

    `seconds` is a bound on what the contestant named takes itself.
    """

    against: str
    at_least: float | None = None
    at_most: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Race:
    """One table: the same input for every contestant, the first of them ours.

    `check` gets the outputs by name and says in sentences what was found equal; it raises
    UnequalError. `limit` names the physical limit; `limit_seconds`, where calculated and not a
    floor among the contestants, is what the work would take at that limit.
    """

    title: str
    input: str
    contestants: Sequence[Contestant]
    check: Callable[[dict[str, Any]], list[str]]
    limit: str
    limit_seconds: float | None = None
    reaches: Sequence[Reach] = ()
    clock: Clock = Clock.cpu
    rounds: int | None = None  # None: as many as were asked for
    notes: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says."""

    quick: bool
    rounds: int


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of plain cells, for what is no race: growth, memory."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = field(default_factory=tuple)


Bench = Callable[[Options], Sequence[Race | Facts]]


def main(
    description: str | None, bench: Bench, packages: Sequence[str] = (), variant: str = ""
) -> None:
    """Run a benchmark program: exit status 1 where outputs differ, whatever the times.

    `variant` says on what kind of processor, where that decides the times; each kind keeps its own
    file of results, for example "without bf16".
    """
    name = Path(sys.argv[0]).stem
    parser = argparse.ArgumentParser(description=(description or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="small input; checks the benchmark")
    parser.add_argument("--rounds", type=int, default=5, help="how often each takes its turn")
    parser.add_argument("--json", action="store_true", help="print JSON, write no file")
    given = parser.parse_args()
    options = Options(given.quick, 1 if given.quick else given.rounds)
    try:
        tables = [_table(each, options) for each in bench(options)]
    except UnequalError as difference:
        sys.exit(f"{name}: {difference}")
    result = {
        "format": FORMAT,
        "name": name,
        "about": ", ".join(
            part for part in ((description or "").split("\n", 1)[0].rstrip("."), variant) if part
        ),
        "command": f"python benchmarks/{name}.py"
        + ("" if given.rounds == parser.get_default("rounds") else f" --rounds {given.rounds}"),
        "quick": options.quick,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": describe_machine(),
        "versions": versions(packages),
        "tables": tables,
    }
    text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    if given.json:
        print(text, end="")
        return
    for table in tables:
        show(table)
    if not options.quick:
        file = RESULTS / ("-".join([name, *variant.split()]) + ".json")
        RESULTS.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        say.print(f"written to benchmarks/results/{file.name}")


def race(contest: Race, rounds: int) -> dict[str, Any]:
    """Check, run the rounds, and give the table as plain data."""
    outputs = {each.name: each.run() for each in contest.contestants}
    equal = contest.check(outputs)
    del outputs
    times: dict[str, list[Spent]] = {each.name: [] for each in contest.contestants}
    order = list(contest.contestants)
    for _ in range(contest.rounds or rounds):
        for each in order:
            times[each.name].append(clocked(each))
        order = order[1:] + order[:1]
    ours = contest.contestants[0].name
    rows = [_row(each, times[each.name], times[ours]) for each in contest.contestants]
    return {
        "kind": "race",
        "title": contest.title,
        "input": contest.input,
        "clock": contest.clock.value,
        "rounds": contest.rounds or rounds,
        "equal": equal,
        "contestants": rows,
        "limit": {"is": contest.limit, "seconds": contest.limit_seconds},
        "reaches": [_judged(reach, rows, contest.clock) for reach in contest.reaches],
        "notes": list(contest.notes),
    }


def asked(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> Any:
    """What a program of its own prints as JSON on its last line: for fixed threads, clean imports.

    Raises CalledProcessError, what it wrote to stderr shown, where it fails.
    """
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "OMP_WAIT_POLICY": "passive", **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.rstrip().rpartition("\n")[2])


def apart(work: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
    """`work` in a process of its own, the same one each time: others leave its memory alone.

    The work, what it takes and what it gives must be picklable.
    """
    pool = ProcessPoolExecutor(1, get_context("spawn"))
    return lambda: pool.submit(work, *arguments).result()


def clocked(each: Contestant) -> Spent:
    """Seconds that one run takes, for the whole input."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    output = each.run()
    spent = Spent(time.perf_counter() - wall, cpu_seconds() - cpu)
    return (each.seconds(output) if each.seconds else spent) / each.share


def show(table: dict[str, Any]) -> None:
    """Print one table of a result."""
    out = Console()
    if table["kind"] == "facts":
        shown = Table(*table["columns"], title=table["title"], title_justify="left")
        for cells in table["rows"]:
            shown.add_row(*cells)
        out.print(shown, *table["notes"], sep="\n", highlight=False)
        return
    clock = table["clock"]
    shown = Table(
        *("", "CPU seconds", "wall seconds", f"ratio ({clock})"),
        title=f"{table['title']}: {table['input']}",
        title_justify="left",
    )
    for row in table["contestants"]:
        shown.add_row(
            row["name"] + part_of_input(row),
            *(seconds(row[each]["median"]) for each in Clock),
            ratio(row, clock),
        )
    out.print(shown)
    for line in (*table["equal"], *reached(table), *table["notes"]):
        out.print(line, highlight=False)


def ratio(row: dict[str, Any], clock: str) -> str:
    """A row's ratio as "53x (51 to 55)": peers over ours, ours over floors."""
    found = row["ratio"][clock]
    if row["role"] == Role.ours:
        return "1"
    low, middle, high = (number(found[each]) for each in ("min", "median", "max"))
    sense = "ours is {}x this" if row["role"] == Role.floor else "{}x ours"
    return f"{sense.format(middle)} ({low} to {high})"


def part_of_input(row: dict[str, Any]) -> str:
    """A mark for a contestant that did a part of the work only."""
    return "" if row["share"] == 1 else f" (measured on {row['share']:.3g} of it)"


def reached(table: dict[str, Any]) -> list[str]:
    """The limit and the targets in words."""
    limit = table["limit"]["is"]
    if at := table["limit"]["seconds"]:
        mine = table["contestants"][0][table["clock"]]["median"]
        limit += f": {seconds(at)} s, ours is {number(mine / at)}x it"
    lines = [f"limit: {limit}"]
    for each in table["reaches"]:
        if each.get("seconds") is not None:
            wanted = f"{each['against']} in at most {seconds(each['seconds'])} s"
        elif each["at_least"] is not None:
            wanted = f"at least {number(each['at_least'])}x as fast as {each['against']}"
        else:
            wanted = f"at most {number(each['at_most'])}x {each['against']}"
        state = "reached" if each["reached"] else "NOT reached"
        lines.append(f"{wanted}: {number(each['seen'])}, {state}")
    return lines


def seconds(value: float) -> str:
    """Three digits of a time."""
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def number(value: float) -> str:
    """Two or three digits of a ratio."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _table(each: Race | Facts, options: Options) -> dict[str, Any]:
    if isinstance(each, Facts):
        return {"kind": "facts", **asdict(each)}
    say.print(f"{each.title}: {each.input}", highlight=False)
    return race(each, options.rounds)


def _row(each: Contestant, times: list[Spent], ours: list[Spent]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": each.name, "role": each.role.value, "share": each.share}
    row["ratio"] = {}
    for clock in Clock:
        mine = [getattr(spent, clock) for spent in times]
        base = [getattr(spent, clock) for spent in ours]
        row[clock.value] = {**_spread(mine), "rounds": [float(f"{each:.4g}") for each in mine]}
        paired = [
            (b / m if each.role is Role.floor else m / b) if m > 0 and b > 0 else float("nan")
            for m, b in zip(mine, base, strict=True)
        ]
        row["ratio"][clock.value] = _spread(paired)
    return row


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def _judged(reach: Reach, rows: list[dict[str, Any]], clock: Clock) -> dict[str, Any]:
    row = next(row for row in rows if row["name"] == reach.against)
    if reach.seconds is not None:
        seen = row[clock]["median"]
        return {**asdict(reach), "seen": seen, "reached": seen <= reach.seconds}
    seen = row["ratio"][clock]["median"]
    met = (reach.at_least is None or seen >= reach.at_least) and (
        reach.at_most is None or seen <= reach.at_most
    )
    return {**asdict(reach), "seen": seen, "reached": met}


def cpu_seconds() -> float:
    """User and system time so far, of this process and its finished children."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
