"""The comparison in a terminal: a row a system, the candidate marked; fits 80 columns."""

from rich import box
from rich.console import Console
from rich.table import Table

from radimpress.report.results import Results
from radimpress.report.verdict import with_interval, write_p
from radimpress.report.vocabulary import metric, split_label

TESTED = "rougeL"
SHOWN = {
    "clinical_f1_micro": "clinical\nF1",
    "hallucination_rate": "hallu-\ncination",
    "contradiction_rate": "contra-\ndiction",
    "side_flip_rate": "side\nflip",
}
MARK = "▶"


def print_tables(results: Results, candidate: str, console: Console | None = None) -> None:
    """Print a table a split, the main test set first."""
    out = console or Console()
    for split in results.splits:
        out.print(comparison_table(results, split, candidate))


def comparison_table(results: Results, split: str, candidate: str) -> Table:
    """Every system on all reports of `split`, and how the candidate's ROUGE-L tests against it."""
    table = Table(
        title=f"{split_label(split)}, {_size(results, split):,} reports",
        caption=f"{MARK} candidate; p: its ROUGE-L against each, paired; errors: less is better",
        box=box.SIMPLE_HEAD,
        padding=0,
        pad_edge=False,
    )
    table.add_column("system", no_wrap=True)
    table.add_column("ROUGE-L\nwith interval", justify="right", no_wrap=True)
    table.add_column("p", justify="right", no_wrap=True)
    for label in SHOWN.values():
        table.add_column(label, justify="right", no_wrap=True)
    for system in results.systems(split):
        chosen = system == candidate
        table.add_row(
            f"{MARK if chosen else ' '} {system}",
            _score(results, split, system),
            "" if chosen else _p(results, split, system),
            *(_write(results, split, system, name) for name in SHOWN),
            style="bold" if chosen else "",
        )
    return table


def _size(results: Results, split: str) -> int:
    found = [results.estimate(s, split, "all", TESTED) for s in results.systems(split)]
    return max((estimate.n for estimate in found if estimate), default=0)


def _score(results: Results, split: str, system: str) -> str:
    estimate = results.estimate(system, split, "all", TESTED)
    return with_interval(metric(TESTED), estimate) if estimate else "–"


def _p(results: Results, split: str, system: str) -> str:
    test = results.tests.get(split, {}).get(system, {}).get(TESTED)
    return write_p(test.p).removeprefix("p ").removeprefix("= ") if test else "–"


def _write(results: Results, split: str, system: str, name: str) -> str:
    estimate = results.estimate(system, split, "all", name)
    return metric(name).write(estimate.value) if estimate else "–"
