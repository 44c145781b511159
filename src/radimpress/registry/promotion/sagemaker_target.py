"""The SageMaker endpoint as a place where users reach the champion."""

from functools import cached_property

from radimpress.cloud.endpoints.deployment import Deployed, deploy, serving_version
from radimpress.cloud.endpoints.refusal import is_outage
from radimpress.cloud.session import Session, open_session
from radimpress.cloud.tags import COMMIT, LEDGER
from radimpress.config.schema import Config
from radimpress.registry.ledger.entry import Entry
from radimpress.registry.ledger.ledger import Ledger
from radimpress.registry.promotion.endpoint_package import endpoint_cases, packaged
from radimpress.registry.promotion.targets import UnreachedError
from radimpress.registry.versions import Version
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.store import open_store

AGAIN = "run the same command again once that is mended: it finishes what was begun"


class SageMakerEndpoint:
    """The endpoint of `config.deployment`."""

    name = "SageMaker endpoint"

    def __init__(self, config: Config) -> None:
        self._config = config

    def serve(self, version: Version) -> str:
        """Bring the endpoint to `version`; see `radimpress.cloud.endpoints.deployment`."""
        done = self.deploy(version)
        verb = "answers" if done.changed else "answers already"
        return f"endpoint {done.endpoint} {verb} with version {done.version}"

    def deploy(self, version: Version) -> Deployed:
        """As `serve`. Raises UnreachedError where AWS could not be asked, so nobody refused."""
        store = open_store(self._config.tracking)
        entry = _entry_of(Ledger(store, version.name), version)
        lineage = {COMMIT: version.tags.get(f"{PREFIX}git_commit", "")}
        if entry:
            lineage[LEDGER] = entry.digest
        gate = self._config.promotion.golden
        waived = entry is not None and "golden" in entry.overrides
        try:
            return deploy(
                self._session,
                self._config,
                packaged(store, version, self._config.deployment, self._config.cloud),
                {key: value for key, value in lineage.items() if value},
                () if waived else endpoint_cases(gate),
            )
        except RadimpressError as error:
            if not is_outage(error):
                raise
            problem, _, step = str(error).partition("; next: ")
            raise UnreachedError(str(next_step(problem, f"{step}; then {AGAIN}"))) from error

    def served(self) -> str | None:
        """The version of the endpoint's configuration."""
        return serving_version(self._session, self._config.deployment.endpoint)

    @cached_property
    def _session(self) -> Session:
        return open_session(self._config.cloud)


def _entry_of(ledger: Ledger, version: Version) -> Entry | None:
    """The newest entry of the ledger, where it made `version` champion."""
    head = ledger.read().head
    return head if head and head.to_version == version.number else None
