"""Write docs/performance.md from benchmarks/results/*.json.

python pipelines/performance_page.py            # after `make bench` or one of its parts
python pipelines/performance_page.py --check    # is the page what the results say? (CI)
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]

from radimpress.runtime.atomic import write_text
from serving import of_limit
from suite import FORMAT, RESULTS, Clock, part_of_input, ratio, reached, seconds

PAGE = ROOT / "docs" / "performance.md"
ORDER = ("training", "generation", "rouge", "intervals", "cleaning", "pipeline", "startup")
INTRODUCTION = """# Performance

Every table was measured by the command above it, on the machine named below it; `make bench` runs
them all and writes this page (`python pipelines/performance_page.py`). Before the clock runs, the
outputs of all contestants are compared. Then each takes its turn in every round, so that a busy
machine is busy for all of them: **read the ratios**, given as median (smallest to largest) of the
rounds. Seconds of CPU count every thread and child process.
"""


def main(arguments: Sequence[str]) -> None:
    text = page(sorted(RESULTS.glob("*.json"), key=_place))
    if "--check" in arguments:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
            sys.exit(f"error: {PAGE} is not what the results say; next: run {sys.argv[0]}")
        return
    write_text(PAGE, text)
    print(f"{PAGE.relative_to(ROOT)} written")


def page(files: Sequence[Path]) -> str:
    """The whole page; a result of another format is left to its own page."""
    sections = [INTRODUCTION]
    for file in files:
        result = json.loads(file.read_text(encoding="utf-8"))
        if result.get("format") == FORMAT:
            sections.append("\n".join(_section(result)))
        elif "ratios" in result:
            sections.append("\n".join(_serving(result)))
    return "\n".join(sections)


def _place(file: Path) -> tuple[int, str]:
    name = file.stem.partition("-")[0]
    return (ORDER.index(name) if name in ORDER else len(ORDER)), file.stem


def _section(result: dict[str, Any]) -> Iterator[str]:
    yield f"## {result['about'].rstrip('.')}"
    yield ""
    yield f"    {result['command']}"
    yield ""
    for table in result["tables"]:
        yield f"### {table['title']}"
        yield ""
        yield from _race(table) if table["kind"] == "race" else _facts(table)
    yield f"*{_machine(result)}*"
    yield ""


def _race(table: dict[str, Any]) -> Iterator[str]:
    clock = table["clock"]
    yield f"{table['input']}; rounds: {table['rounds']}"
    yield ""
    yield f"| | CPU s | wall s | {'CPU' if clock == Clock.cpu else clock} ratio |"
    yield "| --- | ---: | ---: | ---: |"
    for row in table["contestants"]:
        times = " | ".join(seconds(row[each.value]["median"]) for each in Clock)
        yield f"| {row['name']}{part_of_input(row)} | {times} | {ratio(row, clock)} |"
    yield ""
    for line in (*table["equal"], *reached(table), *table["notes"]):
        yield f"- {line}"
    yield ""


def _facts(table: dict[str, Any]) -> Iterator[str]:
    yield f"| {' | '.join(table['columns'])} |"
    yield f"|{' --- |' * len(table['columns'])}"
    for row in table["rows"]:
        yield f"| {' | '.join(row)} |"
    yield ""
    for line in table["notes"]:
        yield f"- {line}"
    yield ""


def _serving(result: dict[str, Any]) -> Iterator[str]:
    """The load test keeps more than a race: its ratios are shown here."""
    yield "## Requests per second against `mlflow models serve`"
    yield ""
    yield "    python benchmarks/serving.py --model models/finetuned"
    yield ""
    yield "| peer | clients | requests a second, ours over the peer's | p95, ours over the peer's |"
    yield "| --- | ---: | ---: | ---: |"
    for each in result["ratios"]:
        spreads = (each["rps"], each["p95"])
        cells = " | ".join(f"{s['median']:.2f} ({s['min']:.2f} to {s['max']:.2f})" for s in spreads)
        yield f"| {each['peer']} | {each['clients']} | {cells} |"
    yield ""
    for line in (*reached(result), *of_limit(result)):
        yield f"- {line}"
    yield ""
    yield f"*{_machine(result)}*"
    yield ""
    yield "What else the load test holds (overload, memory): [packaging.md](packaging.md)."
    yield ""


def _machine(result: dict[str, Any]) -> str:
    machine = result["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    flags = f", {' '.join(machine['flags'])}" if machine["flags"] else ""
    gpu = f", {machine['gpu']}" if machine.get("gpu") else ""
    return (
        f"{result['date']}, {machine['processor']}, {machine['cores']} cores{flags}, "
        f"{machine['memory_gib']} GiB{gpu}, load {machine['load_average']}; {packages}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
