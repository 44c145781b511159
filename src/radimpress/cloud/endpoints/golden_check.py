"""The golden cases of one deployment: while an update bakes, and when it is done."""

import time
from collections.abc import Sequence

from radimpress.cloud.endpoints.alarms import put_mismatches
from radimpress.cloud.endpoints.golden_watch import AT_ONCE, GoldenCase, GoldenWatch
from radimpress.cloud.endpoints.state import EndpointState
from radimpress.cloud.invoke.endpoint import Endpoint
from radimpress.cloud.invoke.transport import transport
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.config.deployment import Deployment, EndpointMode

STEP_S = 10.0  # asking between two looks at the endpoint
PATIENCE_S = 600.0  # for all cases, once only the new version answers
PAUSE_S = 1.0


class GoldenCheck:
    """Asks nothing where there are no cases."""

    def __init__(
        self,
        session: Session,
        deployment: Deployment,
        config_name: str,
        version: str,
        cases: Sequence[GoldenCase],
    ) -> None:
        self._session, self._deployment = session, deployment
        self._config_name, self._version, self._cases = config_name, version, cases
        self._watch: GoldenWatch | None = None
        self._told: int | None = None

    def while_it_bakes(self, seen: EndpointState) -> None:
        """Ask for a moment, and tell CloudWatch, whose alarm rolls the update back."""
        if not self._cases or seen.status != "Updating":
            return
        watch = self._watch or self._new(seen)
        self._watch = watch
        self._ask(watch)
        if watch.mismatches or (watch.is_complete and self._told is None):
            self._told = watch.mismatches
            put_mismatches(
                self._session, self._deployment.endpoint, self._config_name, watch.mismatches
            )

    def verdict(self, seen: EndpointState, afresh: bool) -> str:
        """What is wrong with the endpoint now that only the new version answers; "" for nothing.

        `afresh`: all cases again, where answers during the update could be the old fleet's.
        """
        if not self._cases:
            return ""
        watch = self._new(seen) if afresh or self._watch is None else self._watch
        deadline = time.monotonic() + PATIENCE_S
        while not watch.is_complete and not watch.mismatches and time.monotonic() < deadline:
            self._ask(watch)
            if not watch.is_complete:
                time.sleep(PAUSE_S)
        if watch.mismatches:
            return f"{watch.mismatches} golden cases too many fail: {watch.problems}"
        if not watch.is_complete:
            return f"it does not answer golden cases as version {self._version}"
        return ""

    @property
    def problems(self) -> str:
        """What went wrong while it baked."""
        if self._watch is None or not self._watch.mismatches:
            return ""
        return f"{self._watch.mismatches} golden cases too many fail: {self._watch.problems}"

    def _new(self, seen: EndpointState) -> GoldenWatch:
        asynchronous = self._deployment.mode is EndpointMode.asynchronous
        asked = Endpoint(seen.name, seen.arn, seen.config, seen.status, asynchronous)
        way = transport(self._session, asked, AT_ONCE)
        return GoldenWatch(way.send, self._version, self._cases)

    def _ask(self, watch: GoldenWatch) -> None:
        with spoken(f"ask endpoint {self._deployment.endpoint}"):
            watch.ask(STEP_S)
