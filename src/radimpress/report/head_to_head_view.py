"""Two sides side by side, for a terminal of 80 columns and as JSON."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from radimpress.metrics.catalogue import Better
from radimpress.report.head_to_head import SLICED, Differing, Duel, HeadToHead, Texts
from radimpress.report.number_table import ARROWS
from radimpress.report.run_comparison import flat
from radimpress.report.slice_charts import slice_label
from radimpress.report.verdict import write_p
from radimpress.report.vocabulary import ERRORS, HEADLINE, Metric, Unit, metric

SHOWN = (*HEADLINE, *ERRORS, "truncation_rate")
JUDGED = ("rougeL", "clinical_f1_micro", "hallucination_rate", "contradiction_rate")


def print_two(found: HeadToHead, min_slice: int, out: Console) -> None:
    """Print who they are, the verdict, the metrics, the slices and the reports that differ."""
    out.print(f"A  {found.a.label}\nB  {found.b.label}", markup=False)
    out.print(f"{found.split}, {found.reports:,} reports that both have\n")
    for line in verdict(found):
        out.print(line)
    for caution in found.cautions:
        out.print(f"[yellow]{caution}[/]")
    out.print(_metrics(found))
    if found.slices:
        out.print(_slices(found, min_slice))
    else:
        out.print("No slices: the reports of this split are not on this machine (`dvc pull`).\n")
    if found.differing:
        out.print(_reports(found))
    for number, each in enumerate(found.differing, start=1):
        if each.texts:
            out.print(_texts(f"{number}  {each.study_id}", each.texts))


def verdict(found: HeadToHead) -> Iterator[str]:
    """One sentence a metric that matters: which side is better, by how much, and how surely."""
    alpha = 1 - found.settings.resampling.confidence
    for name in JUDGED:
        duel = found.metrics.get(name)
        if duel is not None:
            yield f"{metric(name).label}: {_judgement(metric(name), duel, alpha)}"


def as_dict(found: HeadToHead) -> dict[str, Any]:
    """Everything, with every metric; `texts` of a report is null unless the corpus is public."""
    resampling = found.settings.resampling
    return {
        "a": dict(found.a.identity),
        "b": dict(found.b.identity),
        "split": found.split,
        "reports": found.reports,
        "method": {
            "test": "paired bootstrap over reports",
            "samples": resampling.samples,
            "confidence": resampling.confidence,
            "seed": resampling.seed,
        },
        "metrics": _duels(found.metrics),
        "slices": {
            name: {"reports": size, "metrics": _duels(duels)}
            for name, (size, duels) in found.slices.items()
        },
        "differing": [_differing(each) for each in found.differing],
        "cautions": list(found.cautions),
    }


def _metrics(found: HeadToHead) -> Table:
    table = _table("A minus B", ("metric", "A", "B", "A − B", "interval", "p", "A won/\ntied/lost"))
    alpha = 1 - found.settings.resampling.confidence
    for name in SHOWN:
        if (duel := found.metrics.get(name)) is not None:
            kind, counts = metric(name), duel.comparison
            won = f"{counts.wins}/{counts.ties}/{counts.losses}"
            label = f"{kind.label} {ARROWS[kind.better]}"
            table.add_row(label, *_numbers(kind, duel), won, style=_style(kind, duel, alpha))
    return table


def _slices(found: HeadToHead, min_slice: int) -> Table:
    """Each slice that is not everything, with A's value, the difference and its p."""
    headers = ["slice", "reports"]
    for name in SLICED:
        label = metric(name).label.replace("Clinical", "Clin.")
        headers += [f"{label}\nA", "\nA − B", "\np"]
    table = _table("By slice", tuple(headers))
    table.caption = "of many slices some differ by chance"
    for piece, (size, duels) in found.slices.items():
        if size == found.reports and piece != "all":
            continue
        cells = [f"{size:,}{'*' if size < min_slice else ''}"]
        for name in SLICED:
            cells += _short(name, duels.get(name))
        if size < min_slice:
            table.caption = (
                f"* fewer than {min_slice} reports; of many slices some differ by chance"
            )
        table.add_row(slice_label(piece), *cells)
    return table


def _short(name: str, duel: Duel | None) -> tuple[str, str, str]:
    if duel is None:
        return "–", "–", "–"
    value, _, difference, _, p = _numbers(metric(name), duel)
    return value, difference, p


def _reports(found: HeadToHead) -> Table:
    table = _table("Where they differ most", ("", "study", "A", "B", "errors of A", "errors of B"))
    table.caption = "ROUGE-L of each; the reports A wins by most, then those B wins by most"
    for number, each in enumerate(found.differing, start=1):
        values = (metric("rougeL").write(value) for value in (each.a, each.b))
        errors = (", ".join(names) or "–" for names in (each.errors_a, each.errors_b))
        table.add_row(str(number), escape(each.study_id), *values, *errors)
    return table


def _table(title: str, headers: tuple[str, ...]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for index, header in enumerate(headers):
        words = header in ("metric", "slice", "study") or header.startswith("errors")
        table.add_column(
            header,
            justify="left" if words else "right",
            overflow="fold",
            no_wrap=index > 0 and not words,
        )
    return table


def _texts(heading: str, texts: Texts) -> Padding:
    written = [Text(heading, style="bold")]
    for name, text in _named(texts).items():
        said = "not kept on this machine" if text is None else text
        written.append(Text.assemble((f"{name}: ", "bold"), said))
    return Padding(Text("\n").join(written), (0, 0, 1, 0))


def _named(texts: Texts) -> dict[str, str | None]:
    return {
        "findings": texts.findings,
        "reference": texts.reference,
        "A": texts.a,
        "B": texts.b,
    }


def _numbers(kind: Metric, duel: Duel) -> tuple[str, str, str, str, str]:
    """A, B, difference, interval and p; shares in per cent and points."""
    test = duel.comparison.test
    interval = f"{_bare(kind, test.low)} to {_bare(kind, test.high)}"
    p = write_p(test.p).removeprefix("p ").removeprefix("= ")
    return kind.write(duel.a), kind.write(duel.b), _bare(kind, test.difference), interval, p


def _bare(kind: Metric, value: float) -> str:
    return kind.write_difference(value).removesuffix(" pts")


def _style(kind: Metric, duel: Duel, alpha: float) -> str:
    side = _better(kind, duel, alpha)
    return {"A": "green", "B": "red", "": ""}[side]


def _better(kind: Metric, duel: Duel, alpha: float) -> str:
    """The better side, A or B; empty where the test does not say."""
    test = duel.comparison.test
    if kind.better is Better.neither or not test.p < alpha or test.difference == 0:
        return ""
    return "A" if (test.difference > 0) == (kind.better is Better.higher) else "B"


def _judgement(kind: Metric, duel: Duel, alpha: float) -> str:
    test, side = duel.comparison.test, _better(kind, duel, alpha)
    unit = " points" if kind.unit is Unit.share else ""
    by = f"{_bare(kind, test.difference)}{unit}"
    size = f"{by} [{_bare(kind, test.low)}, {_bare(kind, test.high)}], {write_p(test.p)}"
    return f"{side} is better, {size}" if side else f"no clear difference, {size}"


def _duels(duels: Mapping[str, Duel]) -> dict[str, Any]:
    return {
        name: {"a": duel.a, "b": duel.b, **flat(duel.comparison)}
        for name, duel in duels.items()
        if math.isfinite(duel.a) and math.isfinite(duel.b)
    }


def _differing(each: Differing) -> dict[str, Any]:
    return {
        "study_id": each.study_id,
        "rougeL": {"a": each.a, "b": each.b},
        "errors": {"a": list(each.errors_a), "b": list(each.errors_b)},
        "texts": {k.lower(): v for k, v in _named(each.texts).items()} if each.texts else None,
    }
