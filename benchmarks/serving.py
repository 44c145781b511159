"""The load test: `radimpress serve` against `mlflow models serve`, the same model, one machine.

python benchmarks/serving.py --model models/finetuned      # some 10 minutes, benchmarks/results/
python benchmarks/serving.py --quick --json                # a minute: is everything right?

Every answer is compared with what transformers writes, and a wrong or lost one fails the test.
Rounds interleave the servers, so that a busy machine is busy for all of them: read the ratios.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from load_client import Job, Outcome
from radimpress.config.serving import Engine, Serving
from radimpress.corpus.synthetic import pairs
from radimpress.runtime.atomic import write_text
from radimpress.runtime.errors import RadimpressError
from served import Server, mlflow, ours

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "serving.json"
PEERS = (Engine.transformers, Engine.ctranslate2)
TARGET = 5.0  # times the requests per second of mlflow models serve as it is registered
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
        rounds = _rounds(servers, findings, expected, plan)
        overload = _overload(mine, findings, expected, plan, rounds)
        memory = _memory(mine, findings, expected, plan)
        result = {
            "machine": _machine(args),
            "plan": asdict(plan),
            "seconds_to_start": {s.name: round(s.seconds_to_start, 1) for s in [mine, *peers]},
            "rounds": rounds,
            "ratios": _ratios(rounds, [mine, *peers]),
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
    servers: list[Server], findings: list[str], expected: list[str], plan: Plan
) -> list[dict[str, Any]]:
    rows = []
    for number in range(plan.rounds):
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
    return rows


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
                    "rps": {"median": statistics.median(rps), "min": min(rps), "max": max(rps)},
                    "p95": {"median": statistics.median(p95), "min": min(p95), "max": max(p95)},
                }
            )
    return found


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
        "cores": len(os.sched_getaffinity(0)),
        "processor": platform.processor() or platform.machine(),
        "load_average": os.getloadavg()[0],
        "python": platform.python_version(),
        "mlflow": version("mlflow"),
        "ctranslate2": version("ctranslate2"),
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
    ratios = Table("radimpress over", "clients", "requests/s: median (min to max)", "p95", "")
    for each in result["ratios"]:
        rps, p95 = each["rps"], each["p95"]
        reached = rps["median"] >= TARGET and p95["median"] <= 1
        ratios.add_row(
            each["peer"],
            str(each["clients"]),
            f"{rps['median']:.1f}x ({rps['min']:.1f} to {rps['max']:.1f})",
            f"{p95['median']:.2f}x",
            f"at least {TARGET:g}x" if reached else "",
        )
    out.print(ratios)
    overload, memory = result["overload"], result["memory"]
    out.print(
        f"overload, {overload['rate']} requests/s due: {overload['statuses']}, p95 of the "
        f"answered {overload['answered']['p95']:.0f} ms; one client then: p95 "
        f"{overload['after']['p95']:.1f} ms (before: {overload['before_p95']:.1f})"
    )
    out.print(f"memory over {memory['requests']} requests, MB: {memory['resident_mb']}")
    out.print(f"seconds to start: {result['seconds_to_start']}")


if __name__ == "__main__":
    main()
