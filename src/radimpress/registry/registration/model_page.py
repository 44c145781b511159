"""The page of the registered model in the MLflow UI: what is deployed, what waits, how they score.

Its description is written anew whenever something is registered, promoted or rolled back, and the
runs behind the two aliases are tagged with them, so that the runs table shows them too. It repeats
what the registry, the runs and the ledger say; nothing reads it but people.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from radimpress.metrics.catalogue import Better
from radimpress.metrics.comparison import Comparison, compare
from radimpress.metrics.significance import Resampling
from radimpress.registry.registration.run_tables import row
from radimpress.registry.versions import CHALLENGER, CHAMPION, Version, find
from radimpress.report.number_table import ARROWS
from radimpress.report.run_choice import Chosen, scores_of
from radimpress.report.run_comparison import common_studies, rows_of
from radimpress.report.verdict import write_p
from radimpress.report.vocabulary import Metric, metric
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.names import ALIAS, HEADLINE
from radimpress.tracking.store import Store

if TYPE_CHECKING:
    from mlflow.entities import Run

SAMPLES = 2000
ABOUT = """\
Writes the impression of a chest radiograph report from its findings. Not a medical device.

`champion` is what users reach: `radimpress serve` follows it. `challenger` is what was registered
last and waits for `radimpress promote`. Who moved them and why: `radimpress history`; what they
were made from: `radimpress lineage`.
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """The version that holds an alias, and its run."""

    alias: str
    version: Version
    run: "Run"


def describe(store: Store, name: str) -> None:
    """Write the description of registered model `name`, and tag the runs of its aliases.

    Costs a download of the scores of two runs, and a bootstrap of them, where both aliases stand.
    """
    holders = [h for alias in (CHAMPION, CHALLENGER) if (h := _holder(store, name, alias))]
    store.client.update_registered_model(name, page(store, holders))
    _tag_runs(store, name, holders)


def page(store: Store, holders: list[Holder]) -> str:
    """The description, Markdown."""
    by_alias = {holder.alias: holder for holder in holders}
    lines = [ABOUT, "### What is deployed", ""]
    lines.append(_line(by_alias.get(CHAMPION), "**No champion yet**: nothing was promoted."))
    lines.append(_line(by_alias.get(CHALLENGER), "**No challenger**."))
    for split in sorted({split for holder in holders for split in _splits(holder.run)}):
        lines += ["", f"### Scores on `{split}`", "", *_scores(store, holders, split)]
    return "\n".join(lines) + "\n"


def _line(holder: Holder | None, otherwise: str) -> str:
    if holder is None:
        return f"- {otherwise}"
    version, run = holder.version, holder.run
    link = f"#/experiments/{run.info.experiment_id}/runs/{run.info.run_id}"
    since = version.tags.get(f"{PREFIX}promotion", "")
    return (
        f"- **{holder.alias.capitalize()}: version {version.number}**, run "
        f"[{run.info.run_name}]({link}), commit `{_short(version, 'git_commit')}`, "
        f"corpus {run.data.params.get('corpus', 'unknown')}" + (f"; {since}" if since else "")
    )


def _scores(store: Store, holders: list[Holder], split: str) -> Iterator[str]:
    """A column a holder, and where there are two versions what the challenger gains."""
    distinct = list({holder.version.number: holder for holder in reversed(holders)}.values())[::-1]
    tests = _tests(store, distinct, split) if len(distinct) == 2 else {}
    headers = ["metric", *(f"{holder.alias} {holder.version.number}" for holder in distinct)]
    headers += ["challenger − champion", "p", "won / tied / lost"] if tests else []
    yield row(*headers)
    yield "| --- |" + " --- |" * (len(headers) - 1)
    for name in HEADLINE:
        kind = metric(name)
        cells = [f"{kind.label} {ARROWS[kind.better]}"]
        cells += [_value(kind, holder.run, split) for holder in distinct]
        cells += _difference(kind, tests[name]) if name in tests else [""] * (3 if tests else 0)
        yield row(*cells)
    yield ""
    if tests:
        yield f"{_verdict(tests)} "
    known = {_short(h.version, f"split.{split}_md5") for h in distinct}
    reports = max((test.n for test in tests.values()), default=0)
    counted = f"{reports:,} reports that both have; " if reports else ""
    yield (
        f"{counted}data: `data/splits/{split}.parquet`, md5 `{'` and `'.join(sorted(known))}`. "
        "Brackets: 95% bootstrap intervals; p: paired bootstrap over reports."
    )


def _tests(store: Store, holders: list[Holder], split: str) -> dict[str, Comparison]:
    """Challenger minus champion; empty where they cannot be compared."""
    champion, challenger = sorted(holders, key=lambda holder: holder.alias != CHAMPION)
    try:
        ours = scores_of(store, Chosen(challenger.run), split)
        theirs = scores_of(store, Chosen(champion.run), split)
        common = common_studies([ours[0], theirs[0]], split)
    except RadimpressError:  # a run without scores of this split, or other reports
        return {}
    return compare(rows_of(*ours, common), rows_of(*theirs, common), Resampling(SAMPLES))


def _verdict(tests: Mapping[str, Comparison]) -> str:
    better = [metric(n).label for n in HEADLINE if n in tests and _gain(n, tests[n]) > 0]
    worse = [metric(n).label for n in HEADLINE if n in tests and _gain(n, tests[n]) < 0]
    clauses = [f"better in {', '.join(better)}"] * bool(better)
    clauses += [f"worse in {', '.join(worse)}"] * bool(worse)
    found = " and ".join(clauses) or "not clearly different from the champion"
    return (
        f"**The challenger is {found}** (p < 0.05)." if clauses else f"The challenger is {found}."
    )


def _gain(name: str, test: Comparison) -> float:
    """Above 0 where the challenger is surely better, below where surely worse, else 0."""
    sign = -1 if metric(name).better is Better.lower else 1
    return sign * test.test.difference if test.test.p < 0.05 else 0.0


def _difference(kind: Metric, test: Comparison) -> list[str]:
    size = kind.write_difference(test.test.difference)
    low, high = (kind.write_difference(bound) for bound in (test.test.low, test.test.high))
    counts = f"{test.wins} / {test.ties} / {test.losses}"
    return [f"{size} [{low}, {high}]", write_p(test.test.p), counts]


def _value(kind: Metric, run: "Run", split: str) -> str:
    metrics = run.data.metrics
    value = metrics.get(f"{split}/{kind.name}", math.nan)
    bounds = [metrics.get(f"{split}_interval/{kind.name}_{end}") for end in ("low", "high")]
    if None in bounds:
        return kind.write(value)
    low, high = (kind.write(bound) for bound in bounds if bound is not None)
    return f"{kind.write(value)} [{low}, {high}]"


def _splits(run: "Run") -> set[str]:
    matched = (re.fullmatch(r"(.+)_interval/rougeL_low", name) for name in run.data.metrics)
    return {found[1] for found in matched if found}


def _short(version: Version, tag: str) -> str:
    return version.tags.get(f"{PREFIX}{tag}", "")[:12] or "none"


def _holder(store: Store, name: str, alias: str) -> Holder | None:
    found = find(store, name, alias)
    if found is None or not found.run_id:
        return None
    return Holder(alias, found, store.client.get_run(found.run_id))


def _tag_runs(store: Store, name: str, holders: list[Holder]) -> None:
    """Give the runs of the aliases a tag that says so, and take it from those that had it."""
    wanted: dict[str, list[str]] = {}
    for holder in holders:
        wanted.setdefault(str(holder.run.info.run_id), []).append(holder.alias)
    experiments = [e.experiment_id for e in store.client.search_experiments()]
    for run in store.client.search_runs(experiments, f"tags.`{ALIAS}` LIKE '% ({name})'"):
        if run.info.run_id not in wanted:
            store.client.delete_tag(run.info.run_id, ALIAS)
    for run_id, aliases in wanted.items():
        store.client.set_tag(run_id, ALIAS, f"{', '.join(aliases)} ({name})")
