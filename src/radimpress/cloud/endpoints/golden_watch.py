"""Asks an endpoint the golden cases while an update bakes, and counts what goes wrong.

A canary answers some of the requests, the old fleet the others. An answer says which version wrote
it, so a case is asked until the new version has answered it. A failure says nothing: it is held
against the update, because the old version was accepted with the same cases.

An update that keeps the version (another machine, another image) looks alike from outside; then
every answer counts, and all cases are asked again when the update is done.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil

from radimpress.cloud.invoke.throttling import Trouble, container_status, trouble

AT_ONCE = 4  # requests in flight: few, so that users are not kept waiting
BATCH = 8  # cases asked before the clock is looked at
REFUSAL = range(400, 500)  # statuses by which a container refuses a request
UNHEARD = (0, 429)  # nobody answered; a full queue: both are asked again
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """Findings, and how to judge the impression of them.

    Of each family at least the share `least` must pass: what promotion asked of the version.
    """

    name: str
    family: str
    least: float
    findings: str
    wrong: Callable[[str], Sequence[str]]  # what is wrong with an impression, as codes
    refused: bool = False  # the endpoint must answer 4xx
    survives: bool = False  # any answer and any refusal will do, but no failure


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: an impression and its version, or the status of a failure."""

    version: str = ""
    impression: str = ""
    status: int = 200


Send = Callable[[bytes], bytes]


class GoldenWatch:
    """The golden cases of one update."""

    def __init__(self, send: Send, version: str, cases: Sequence[GoldenCase]) -> None:
        self._send, self._version, self._cases = send, version, cases
        self._wrong: dict[str, tuple[str, ...]] = {}  # case: codes, empty where it passed
        self._next = 0

    @property
    def is_complete(self) -> bool:
        """Whether the new version has answered every case."""
        return len(self._wrong) == len(self._cases)

    @property
    def mismatches(self) -> int:
        """Cases that failed beyond what their families may; more answers never lower it."""
        return sum(self._below().values())

    @property
    def problems(self) -> str:
        """The failed cases of those families, by name and code; no impression is ever shown."""
        families = {case.name: case.family for case in self._cases}
        failed = [
            f"{name} ({', '.join(codes)})"
            for name, codes in sorted(self._wrong.items(), key=lambda item: families[item[0]])
            if codes and families[name] in self._below()
        ]
        return "; ".join(failed[:4]) + (f"; and {len(failed) - 4} more" if len(failed) > 4 else "")

    def ask(self, seconds: float, now: Callable[[], float] = time.monotonic) -> None:
        """Ask what is not answered yet, for about `seconds`, or until the new version is silent."""
        deadline = now() + seconds
        with ThreadPoolExecutor(AT_ONCE, "golden") as pool:
            while waiting := [case for case in self._cases if case.name not in self._wrong]:
                start = self._next % len(waiting)
                batch = (waiting[start:] + waiting[:start])[:BATCH]
                self._next += BATCH
                replies = list(pool.map(self._reply, batch))
                heard = [self._judge(*pair) for pair in zip(batch, replies, strict=True)]
                if not any(heard) or now() >= deadline:
                    return

    def _below(self) -> dict[str, int]:
        """The families in which too many fail, and how many too many."""
        counts: dict[str, int] = {}
        for case in self._cases:
            counts[case.family] = counts.get(case.family, 0) + bool(self._wrong.get(case.name))
        beyond = {family: bad - self._allowed(family) for family, bad in counts.items()}
        return {family: count for family, count in beyond.items() if count > 0}

    def _allowed(self, family: str) -> int:
        """How many of a family may fail."""
        shares = [case.least for case in self._cases if case.family == family]
        return len(shares) - ceil(max(shares) * len(shares) - ROUNDING)

    def _judge(self, case: GoldenCase, reply: Reply) -> bool:
        """Note what `reply` says of `case`; whether it says anything."""
        if reply.status in UNHEARD:
            return False
        if reply.status != 200:
            refused = reply.status in REFUSAL
            right = refused and (case.refused or case.survives)
            self._wrong[case.name] = () if right else (_failure(reply.status),)
            return True
        if reply.version != self._version:
            return False
        self._wrong[case.name] = _codes(case, reply.impression)
        return True

    def _reply(self, case: GoldenCase) -> Reply:
        body = json.dumps({"findings": case.findings, "statements": False}).encode()
        try:
            said = self._send(body)
        except Exception as error:
            status = container_status(error)
            if status:
                return Reply(status=status)
            if trouble(error) is Trouble.final:
                raise
            return Reply(status=0)  # nobody answered: asked again
        return read_reply(said)


def read_reply(body: bytes) -> Reply:
    """An answer of ours; of a container that answers otherwise, a failure."""
    try:
        plain = json.loads(body)
        model: Mapping[str, object] = plain["model"]
        return Reply(str(model["version"]), str(plain["impression"]))
    except (ValueError, KeyError, TypeError):
        return Reply(status=500)


def _codes(case: GoldenCase, impression: str) -> tuple[str, ...]:
    if case.survives:
        return ()
    return ("not refused",) if case.refused else tuple(case.wrong(impression))


def _failure(status: int) -> str:
    return "refused" if status in REFUSAL else f"failed with {status}"
