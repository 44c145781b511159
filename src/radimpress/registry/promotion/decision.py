"""The decision over a candidate: every gate judged, as data, as a record and as a page."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from radimpress.config.schema import Config
from radimpress.registry.gates.ruling import GateResult
from radimpress.registry.versions import Version
from radimpress.runtime.errors import next_step
from radimpress.tracking.store import Store

FORMAT = 1
TIMED = "latency"  # this gate's numbers differ from run to run
NUMBERS = ("value", "interval", "reason")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gates say of version `candidate` against version `champion`, None the first time.

    `split_md5` is of the test split's file; `overrides` maps a gate to the reason given for it.
    """

    candidate: str
    champion: str | None
    split: str
    split_md5: str
    reports: int
    gates: tuple[GateResult, ...]
    overrides: Mapping[str, str]

    @property
    def passed(self) -> bool:
        """Whether every judged gate passed or was overridden."""
        return all(self.verdict(gate) != "fail" for gate in self.gates)

    def verdict(self, gate: GateResult) -> str:
        """One of pass, fail, overridden, not judged."""
        if not gate.judged:
            return "not judged"
        if gate.passed:
            return "pass"
        return "overridden" if gate.overridable and gate.name in self.overrides else "fail"


def decide(
    config: Config,
    store: Store,
    candidate: Version,
    champion: Version | None,
    overrides: Mapping[str, str],
) -> Decision:
    """Judge `candidate` by `config.promotion`, in the workspace at the working directory.

    Candidate and champion answer the same frozen test split, each as its own recipe says. Where
    the model or the split is not what was registered nothing is measured and lineage fails. Raises
    RadimpressError for an override that is not allowed, for thresholds over a metric that does not
    exist, and where the split or the champion's model cannot be read.
    """
    from radimpress.registry.promotion.deciding import judge  # loads torch

    refuse_overrides(overrides)
    return judge(config, store, candidate, champion, overrides)


def refuse_overrides(overrides: Mapping[str, str]) -> None:
    """Raise RadimpressError for an unknown gate, one that is never overridden, a missing reason."""
    from radimpress.registry.gates.table import NEVER_OVERRIDDEN, OVERRIDABLE

    for gate, reason in overrides.items():
        if gate in NEVER_OVERRIDDEN:
            raise next_step(
                f"the gate {gate!r} is never overridden",
                "mend what it names (`radimpress promote --dry-run` shows it)",
            )
        if gate not in OVERRIDABLE:
            raise next_step(f"no gate is named {gate!r}", f"name one of {', '.join(OVERRIDABLE)}")
        if not reason.strip():
            raise next_step(f"the override of {gate!r} has no reason", "give --reason TEXT")


def as_json(decision: Decision) -> dict[str, Any]:
    """The decision record: plain values, keys in a stable order."""
    return {
        "format": FORMAT,
        "candidate": decision.candidate,
        "champion": decision.champion,
        "split": decision.split,
        "split_md5": decision.split_md5,
        "reports": decision.reports,
        "passed": decision.passed,
        "gates": [{**asdict(gate), "verdict": decision.verdict(gate)} for gate in decision.gates],
        "overrides": dict(sorted(decision.overrides.items())),
    }


def digest(decision: Decision) -> str:
    """The sha256 of the decision record, equal for equal inputs."""
    return record_digest(as_json(decision))


def record_digest(record: Mapping[str, Any]) -> str:
    """The sha256 of a decision record, as `as_json` makes it and a file keeps it.

    Everything counts but what the latency gate measured: its verdict does, its numbers differ at
    every measurement.
    """
    gates = [
        {k: v for k, v in gate.items() if gate["name"] != TIMED or k not in NUMBERS}
        for gate in record["gates"]
    ]
    text = json.dumps({**record, "gates": gates}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_markdown(decision: Decision) -> str:
    """The page for MLflow and the eye; no report text."""
    against = f"version {decision.champion}" if decision.champion else "no champion"
    lines = [
        f"# Version {decision.candidate} against {against}: "
        + ("passed" if decision.passed else "refused"),
        "",
        f"Split `{decision.split}` (md5 `{decision.split_md5}`), {decision.reports:,} reports. "
        f"Decision `{digest(decision)[:12]}`.",
        "",
        "| gate | | value | threshold | interval | why |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for gate in decision.gates:
        verdict = decision.verdict(gate)
        shown = f"**{verdict.upper()}**" if verdict in ("fail", "overridden") else verdict
        cells = (gate.name, shown, gate.value, gate.threshold, gate.interval, gate.reason)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    for gate_name, reason in sorted(decision.overrides.items()):
        lines += ["", f"**OVERRIDDEN: {gate_name}**, because: {_cell(reason)}"]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
