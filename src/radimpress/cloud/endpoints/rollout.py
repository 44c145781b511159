"""One version on its way to one endpoint: everything that the steps of it share."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from radimpress.cloud.endpoints.config import Names, Place, names
from radimpress.cloud.endpoints.golden_check import GoldenCheck
from radimpress.cloud.endpoints.golden_watch import GoldenCase
from radimpress.cloud.endpoints.images import serving_image
from radimpress.cloud.endpoints.logs import last_lines
from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.endpoints.scaling_pause import PausedScaling, pause, resume
from radimpress.cloud.session import Session
from radimpress.config.schema import Access, Config


class Rollout:
    """What goes where; nothing is asked of AWS before it is needed."""

    def __init__(
        self,
        session: Session,
        config: Config,
        package: PackagedModel,
        lineage: Mapping[str, str],
        golden: Sequence[GoldenCase],
    ) -> None:
        self.session, self.deployment, self.package = session, config.deployment, package
        self.lineage = dict(lineage)  # tags of the endpoint
        self.held_back = 0  # times in a row that AWS took no update because of another change
        self._paused: PausedScaling | None = None
        self._public = config.data.access is Access.public
        self._golden = golden if config.deployment.golden else ()

    @property
    def endpoint(self) -> str:
        """Its name."""
        return self.deployment.endpoint

    @property
    def sagemaker(self) -> Any:
        """The client."""
        return self.session.client("sagemaker")

    @cached_property
    def place(self) -> Place:
        """The account's part."""
        image = serving_image(self.session, self.deployment)
        return Place(self.session.cloud, self.session.role_arn, self.session.bucket, image)

    @cached_property
    def names(self) -> Names:
        """Of model and configuration."""
        return names(self.place, self.deployment, self.package)

    @cached_property
    def check(self) -> GoldenCheck:
        """The golden cases of this rollout."""
        return GoldenCheck(
            self.session, self.deployment, self.names.config, self.package.version, self._golden
        )

    def pause_scaling(self) -> None:
        """Let go of what AWS would not let be updated."""
        self._paused = pause(self.session, self.endpoint)

    def resume_scaling(self) -> None:
        """Scale as before `pause_scaling`; nothing where it was not called."""
        if self._paused is not None:
            resume(self.session, self._paused)
            self._paused = None

    def log(self) -> str:
        """The end of the container's log for an error, "" where it said nothing."""
        lines = last_lines(self.session, self.endpoint, self._public)
        return f"; its log ends: {' | '.join(lines)}" if lines else ""
