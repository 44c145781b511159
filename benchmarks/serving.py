"""The load test: `radimpress serve` against `mlflow models serve`, the same model, one machine.

python benchmarks/serving.py --model models/finetuned      # some 10 minutes, benchmarks/results/
python benchmarks/serving.py --quick --json                # a minute: is everything right?

Every answer is compared with what transformers writes, and a wrong or lost one fails the test.
Rounds interleave the servers, so that a busy machine is busy for all of them: read the ratios.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from load_client import Job, Outcome
from machine import describe_machine, versions
from radimpress.config.serving import Engine, Serving
from radimpress.corpus.synthetic import pairs
from radimpress.runtime.atomic import write_text
from radimpress.runtime.errors import RadimpressError
from served import Server, mlflow, ours
from suite import reached

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "serving.json"
PEERS = (Engine.transformers, Engine.ctranslate2)
REGISTERED = "mlflow transformers"  # mlflow models serve with the model as it is registered
TARGET = 5.0  # times its requests per second
FLAT_MB = 20.0  # growth that counts as flat, after the first tenth of the requests

say = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard."""

    rounds: int = 5
    seconds: float = 4.0
    clients: tuple[int, ...] = (1, 8, 64)
    reports: int = 200
    overload_seconds: float = 8.0
    memory_requests: int = 20_000


QUICK = Plan(1, 1.0, (1, 8), 40, 2.0, 400)


def main() -> None:
    args = _arguments()
    plan = QUICK if args.quick else Plan()
    with ExitStack() as stack:
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        findings, expected = _reference(args.model, plan.reports)
        mine = stack.enter_context(ours(args.model, args.threads, logs))
        peers = [
            stack.enter_context(mlflow(args.model, engine, args.workers, args.threads, logs))
            for engine in PEERS
            if engine.value in args.peers
        ]
        servers = [mine, replace(mine, name="radimpress + statements", statements=True), *peers]
        for server in servers:
            _check(server, findings, expected)
        rounds, engine = _rounds(servers, findings, expected, plan, _Engine(args, findings))
        overload = _overload(mine, findings, expected, plan, rounds)
        memory = _memory(mine, findings, expected, plan)
        result = {
            "date": time.strftime("%Y-%m-%d", time.gmtime()),
            "machine": _machine(args),
            "versions": versions(["mlflow", "transformers", "ctranslate2", "uvicorn"]),
            "plan": asdict(plan),
            "seconds_to_start": {s.name: round(s.seconds_to_start, 1) for s in [mine, *peers]},
            "rounds": rounds,
            "ratios": (ratios := _ratios(rounds, [mine, *peers])),
            "reaches": [_judged(each) for each in ratios if each["peer"] == REGISTERED],
            "limit": {
                "is": "the engine asked for all reports at once, without a server before it",
                "seconds": None,
                "reports_per_second": engine,
                "share": _shares(rounds, mine, engine),
            },
            "overload": overload,
            "memory": memory,
        }
    if args.json:
        print(json.dumps(result, indent=2))
    else:
        _show(result)
        RESULTS.parent.mkdir(exist_ok=True)
        write_text(RESULTS, json.dumps(result, indent=2) + "\n")
    if problems := _problems(result):
        sys.exit("failed: " + "; ".join(problems))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=Path("models/finetuned"))
    parser.add_argument("--quick", action="store_true", help="a minute instead of ten")
    parser.add_argument("--json", action="store_true", help="print JSON, write no file")
    parser.add_argument("--threads", type=int, default=2, help="of every server")
    parser.add_argument("--workers", type=int, default=1, help="processes of mlflow models serve")
    parser.add_argument(
        "--peers", nargs="*", default=[each.value for each in PEERS], help="engines under mlflow"
    )
    return parser.parse_args()


def _reference(model: Path, reports: int) -> tuple[list[str], list[str]]:
    """Findings nobody trained on, and what transformers writes for them."""
    from radimpress.modeling.summarizer import Summarizer

    findings = [report.findings for report in pairs("B", reports, seed=2026)]
    written = Summarizer.from_folder(model, "cpu", engine=Engine.transformers).summarize(findings)
    return findings, [each.prediction for each in written]


class _Engine:
    """The limit: the model asked for all reports at once, without a server before it."""

    def __init__(self, args: argparse.Namespace, findings: list[str]) -> None:
        from radimpress.modeling.summarizer import Summarizer

        self.model = Summarizer.from_folder(
            args.model, "cpu", engine=Engine.ctranslate2, threads=args.threads
        )
        self.findings = findings

    def rate(self, seconds: float) -> float:
        """Reports a second, over `seconds` at least."""
        began, written = time.perf_counter(), 0
        while (spent := time.perf_counter() - began) < seconds or not written:
            written += len(self.model.summarize(self.findings))
        return written / spent


def _load(server: Server, findings: list[str], expected: list[str], **job: Any) -> Outcome:
    """Run the client in a process of its own."""
    asked = Job(
        server.port,
        [server.body(text) for text in findings],
        [server.holds(text) for text in expected],
        **job,
    )
    done = subprocess.run(
        [sys.executable, str(HERE / "load_client.py")],
        input=json.dumps(asdict(asked)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Outcome(**json.loads(done.stdout))


def _check(server: Server, findings: list[str], expected: list[str]) -> None:
    """Ask every report once; it also warms the server."""
    outcome = _load(server, findings, expected, clients=1, seconds=0, total=len(findings))
    if outcome.wrong or outcome.lost or set(outcome.statuses) != {"200"}:
        raise RadimpressError(
            f"{server.name}: of {len(findings)} answers {outcome.wrong} differ from transformers, "
            f"{outcome.lost} are lost, statuses {outcome.statuses}"
        )
    say.print(f"{server.name}: {len(findings)} answers equal transformers'")


def _rounds(
    servers: list[Server],
    findings: list[str],
    expected: list[str],
    plan: Plan,
    engine: _Engine,
) -> tuple[list[dict[str, Any]], list[float]]:
    """What each server did in each round, and the engine's own reports a second in it."""
    rows, rates = [], []
    for number in range(plan.rounds):
        rates.append(round(engine.rate(plan.seconds), 1))
        for clients in plan.clients:
            turn = servers[number % len(servers) :] + servers[: number % len(servers)]
            for server in turn:
                before = server.cpu_seconds()
                outcome = _load(server, findings, expected, clients=clients, seconds=plan.seconds)
                busy = server.cpu_seconds() - before
                right = len(outcome.milliseconds) - outcome.wrong
                rows.append(
                    {
                        "round": number,
                        "server": server.name,
                        "clients": clients,
                        "rps": round(right / outcome.seconds, 1),
                        **_percentiles(outcome.milliseconds),
                        "cpu_ms": round(1000 * busy / max(1, right), 2),
                        "requests": right,
                        "failed": outcome.lost
                        + outcome.wrong
                        + sum(n for status, n in outcome.statuses.items() if status != "200"),
                    }
                )
        say.print(f"round {number + 1} of {plan.rounds}")
    return rows, rates


def _percentiles(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds) or [float("nan")]
    return {
        f"p{share}": ordered[min(len(ordered) - 1, len(ordered) * share // 100)]
        for share in (50, 95, 99)
    }


def _ratios(rounds: list[dict[str, Any]], servers: list[Server]) -> list[dict[str, Any]]:
    """Ours over each peer, paired by round: requests per second, and p95 (below 1 is better)."""
    mine, *peers = servers
    found = []
    for peer in peers:
        for clients in dict.fromkeys(row["clients"] for row in rounds):
            pairs_of_rows = [
                (a, b)
                for a in rounds
                for b in rounds
                if a["server"] == mine.name
                and b["server"] == peer.name
                and a["clients"] == b["clients"] == clients
                and a["round"] == b["round"]
            ]
            rps = [a["rps"] / b["rps"] for a, b in pairs_of_rows]
            p95 = [a["p95"] / b["p95"] for a, b in pairs_of_rows]
            found.append(
                {
                    "peer": peer.name,
                    "clients": clients,
                    "rps": _spread(rps),
                    "p95": _spread(p95),
                }
            )
    return found


def _judged(ratios: dict[str, Any]) -> dict[str, Any]:
    """Whether we answer so many times the requests of the peer, and none later than it."""
    seen = ratios["rps"]["median"]
    return {
        "against": f"{ratios['peer']} with {ratios['clients']} at once, with no later p95",
        "at_least": TARGET,
        "seen": seen,
        "reached": seen >= TARGET and ratios["p95"]["median"] <= 1,
    }


def _shares(
    rounds: list[dict[str, Any]], mine: Server, engine: list[float]
) -> list[dict[str, float]]:
    """Our requests a second over the engine's reports a second in the same round, by clients."""
    found = []
    for clients in dict.fromkeys(row["clients"] for row in rounds):
        of_engine = [
            row["rps"] / engine[row["round"]]
            for row in rounds
            if row["server"] == mine.name and row["clients"] == clients
        ]
        found.append({"clients": clients, **_spread(of_engine)})
    return found


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def _overload(
    server: Server,
    findings: list[str],
    expected: list[str],
    plan: Plan,
    rounds: list[dict[str, Any]],
) -> dict[str, Any]:
    """Three times as many requests as it can answer, and what fills its queue four times over.

    Then a single client, as if nothing had been.
    """
    mine = [row for row in rounds if row["server"] == server.name]
    rate = 3 * max(row["rps"] for row in mine) + 4 * Serving().max_queue / plan.overload_seconds
    flood = _load(
        server, findings, expected, clients=1000, seconds=plan.overload_seconds, rate=rate
    )
    after = _load(server, findings, expected, clients=1, seconds=plan.seconds)
    return {
        "rate": round(rate),
        "statuses": flood.statuses,
        "wrong": flood.wrong,
        "lost": flood.lost,
        "unsent": flood.unsent,
        "with_retry_after": flood.with_retry_after,
        "answered": _percentiles(flood.milliseconds),
        "after": {
            "statuses": after.statuses,
            "wrong": after.wrong,
            "lost": after.lost,
            **_percentiles(after.milliseconds),
        },
        "before_p95": statistics.median(row["p95"] for row in mine if row["clients"] == 1),
    }


def _memory(server: Server, findings: list[str], expected: list[str], plan: Plan) -> dict[str, Any]:
    """Resident memory after each tenth of the requests."""
    megabytes = []
    failed = 0
    for _ in range(10):
        part = plan.memory_requests // 10
        outcome = _load(server, findings, expected, clients=16, seconds=0, total=part)
        failed += part - len(outcome.milliseconds) + outcome.wrong
        megabytes.append(round(server.resident_mb(), 1))
    return {"requests": plan.memory_requests, "resident_mb": megabytes, "failed": failed}


def _machine(args: argparse.Namespace) -> dict[str, Any]:
    return {
        **describe_machine(),
        "threads": args.threads,
        "mlflow_workers": args.workers,
    }


def _problems(result: dict[str, Any]) -> list[str]:
    """What must never happen, however slow the machine."""
    overload, memory = result["overload"], result["memory"]
    failed = sum(row["failed"] for row in result["rounds"] if row["server"].startswith("radim"))
    shed = overload["statuses"].get("429", 0)
    growth = memory["resident_mb"][-1] - memory["resident_mb"][0]
    found = {
        f"{failed} requests of the rounds failed": failed,
        f"statuses under overload are {overload['statuses']}": set(overload["statuses"])
        - {"200", "429"},
        "nothing was shed under overload": not shed,
        "a 429 came without Retry-After": shed != overload["with_retry_after"],
        f"{overload['wrong']} wrong, {overload['lost']} lost": overload["wrong"] + overload["lost"],
        "it does not answer after overload": set(overload["after"]["statuses"]) != {"200"},
        f"{memory['failed']} of {memory['requests']} requests failed": memory["failed"],
        f"memory grew by {growth:.0f} MB": growth > FLAT_MB,
    }
    return [problem for problem, holds in found.items() if holds]


def _show(result: dict[str, Any]) -> None:
    out = Console()
    table = Table("clients", "server", "requests/s", "p50 ms", "p95 ms", "CPU ms", "failed")
    keys = dict.fromkeys((row["clients"], row["server"]) for row in result["rounds"])
    for clients, server in sorted(keys, key=lambda key: key[0]):
        rows = [r for r in result["rounds"] if (r["clients"], r["server"]) == (clients, server)]
        shown = ("rps", "p50", "p95", "cpu_ms")
        middle = {key: statistics.median(row[key] for row in rows) for key in shown}
        table.add_row(
            str(clients),
            server,
            f"{middle['rps']:.0f}",
            f"{middle['p50']:.1f}",
            f"{middle['p95']:.1f}",
            f"{middle['cpu_ms']:.1f}",
            str(sum(row["failed"] for row in rows)),
        )
    out.print(table)
    ratios = Table("radimpress over", "clients", "requests/s: median (min to max)", "p95")
    for each in result["ratios"]:
        rps, p95 = each["rps"], each["p95"]
        ratios.add_row(
            each["peer"],
            str(each["clients"]),
            f"{rps['median']:.1f}x ({rps['min']:.1f} to {rps['max']:.1f})",
            f"{p95['median']:.2f}x",
        )
    out.print(ratios)
    for line in (*reached(result), *of_limit(result)):
        out.print(line, highlight=False)
    overload, memory = result["overload"], result["memory"]
    out.print(
        f"overload, {overload['rate']} requests/s due: {overload['statuses']}, p95 of the "
        f"answered {overload['answered']['p95']:.0f} ms; one client then: p95 "
        f"{overload['after']['p95']:.1f} ms (before: {overload['before_p95']:.1f})"
    )
    out.print(f"memory over {memory['requests']} requests, MB: {memory['resident_mb']}")
    out.print(f"seconds to start: {result['seconds_to_start']}")


def of_limit(result: dict[str, Any]) -> list[str]:
    """How near the limit our requests a second came, in words."""
    return [
        f"with {each['clients']} at once, ours answers {each['median']:.0%} "
        f"({each['min']:.0%} to {each['max']:.0%}) of the reports a second of that limit"
        for each in result["limit"]["share"]
    ]


if __name__ == "__main__":
    main()
