"""Asking an endpoint: many requests at once, patiently, answered in the order of asking."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from radimpress.cloud.invoke.answers import (
    Answer,
    Answered,
    Failed,
    Outcome,
    Request,
    is_of_the_report,
    read_answer,
    reason_of,
)
from radimpress.cloud.invoke.endpoint import find_endpoint
from radimpress.cloud.invoke.kept import KeptAnswers
from radimpress.cloud.invoke.throttling import Patience, patiently
from radimpress.cloud.invoke.transport import transport
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.progress import Meter

CONCURRENCY = 8
AHEAD = 8  # requests in order behind each one in flight: what a slow one may hold up
NAMED = 5  # reports without an answer that an error names
BROKEN = 16  # failures without one answer: the endpoint is at fault, not the reports


class EndpointClient:
    """An endpoint of this account, asked up to `concurrency` things at once.

    One report a request: a failure costs one report, and the server makes batches of what arrives
    together. Raises RadimpressError for an endpoint that cannot be asked (`find_endpoint`).
    """

    def __init__(
        self,
        session: Session,
        name: str,
        text_is_public: bool = False,
        concurrency: int = CONCURRENCY,
        patience: Patience | None = None,
    ) -> None:
        self.endpoint = find_endpoint(session, name, text_is_public)
        self._transport = transport(session, self.endpoint, concurrency)
        self._concurrency, self._patience = concurrency, patience or Patience()

    def ask(self, request: Request) -> Answer:
        """The answer to one request. Raises RadimpressError where there is none."""
        outcome = self._outcome(request, None, Event())
        if isinstance(outcome, Failed):
            raise next_step(
                f"endpoint {self.endpoint.name} gave no answer ({outcome.reason})",
                "correct the request, or look at the endpoint's log",
            )
        return outcome.answer

    def answers(
        self,
        requests: Sequence[Request],
        kept: KeptAnswers | None = None,
        check: Callable[[Answer], None] = lambda _: None,
    ) -> list[Answer]:
        """One answer a request, in order; `check` may refuse one by raising.

        Raises RadimpressError where reports stay without an answer, naming their study ids, after
        all others were asked.
        """
        found, failed = list[Answer](), list[Failed]()
        for outcome in self.ask_all(requests, kept, len(requests)):
            if isinstance(outcome, Failed):
                failed.append(outcome)
            else:
                check(outcome.answer)
                found.append(outcome.answer)
        if failed:
            raise unanswered(self.endpoint.name, failed, len(requests))
        return found

    def ask_all(
        self, requests: Iterable[Request], kept: KeptAnswers | None = None, total: int | None = None
    ) -> Iterator[Outcome]:
        """One outcome a request, in order; only a few requests ahead are held in memory.

        What `kept` holds is not asked again. Raises RadimpressError where the endpoint itself is at
        fault: it is gone, asks for rights, stays busy, or fails the first `BROKEN` reports.
        """
        stopped, waiting = Event(), deque[Future[Outcome]]()
        pool = ThreadPoolExecutor(self._concurrency, "ask")
        with Meter(f"ask {self.endpoint.name}", total) as meter:
            watched = _Watched(self.endpoint.name, meter)
            try:
                for request in requests:
                    waiting.append(pool.submit(self._outcome, request, kept, stopped))
                    if len(waiting) > self._concurrency * AHEAD:
                        yield watched.seen(waiting.popleft().result())
                while waiting:
                    yield watched.seen(waiting.popleft().result())
            finally:
                stopped.set()
                pool.shutdown(cancel_futures=True)

    def _outcome(self, request: Request, kept: KeptAnswers | None, stopped: Event) -> Outcome:
        if kept is not None and (answer := kept.get(request)) is not None:
            return Answered(answer)
        body = json.dumps(request, ensure_ascii=False).encode()

        def pause(seconds: float) -> None:
            if stopped.wait(seconds):
                raise RadimpressError("stopped")

        with spoken(f"ask endpoint {self.endpoint.name}"):
            try:
                said = patiently(lambda: self._transport.send(body), self._patience, pause)
            except Exception as error:
                if not is_of_the_report(error):
                    raise
                return Failed(str(request.get("study_id", "")), reason_of(error))
        answer = read_answer(said, self.endpoint.name)
        if kept is not None:
            kept.put(request, answer)
        return Answered(answer)


def unanswered(endpoint: str, failed: Sequence[Failed], asked: int) -> RadimpressError:
    """What to say where some reports stay without an answer."""
    named = ", ".join(f"{each.study_id} ({each.reason})" for each in failed[:NAMED])
    more = f" and {len(failed) - NAMED} more" if len(failed) > NAMED else ""
    return next_step(
        f"endpoint {endpoint} did not answer {len(failed)} of {asked} reports: {named}{more}",
        "look at its log, then run the same again: only these are asked",
    )


class _Watched:
    """Counts outcomes; ends a run that nothing answers."""

    def __init__(self, name: str, meter: Meter) -> None:
        self._name, self._meter, self._answered, self._failed = name, meter, 0, 0

    def seen(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Answered):
            self._answered += 1
        else:
            self._failed += 1
            if self._failed == BROKEN and not self._answered:
                raise next_step(
                    f"endpoint {self._name} answered none of the first {BROKEN} requests "
                    f"({outcome.reason})",
                    "look at its log in CloudWatch, then run the same again",
                )
        self._meter.advance(note=f"{self._failed} failed" if self._failed else "")
        return outcome
