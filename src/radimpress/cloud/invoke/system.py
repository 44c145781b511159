"""An endpoint as a system of the comparison: what `generate` asks beside models and baselines."""

from collections.abc import Sequence

from radimpress.cloud.invoke.answers import Answer, Request, version_of
from radimpress.cloud.invoke.client import EndpointClient
from radimpress.cloud.invoke.kept import KeptAnswers, kept_answers
from radimpress.cloud.session import open_session
from radimpress.config.privacy import text_is_public
from radimpress.config.schema import Config
from radimpress.corpus.report import Prediction, Report
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.requests import Requests
from radimpress.runtime.errors import next_step


class EndpointSystem:
    """Asks one endpoint, decoded as the other systems are; answers of one model version only.

    `served` says which, after the first `generate`. What was answered is kept until `discard`, so
    that an interrupted stage asks only what is missing.
    """

    def __init__(self, name: str, client: EndpointClient, decoding: Decoding) -> None:
        if client.endpoint.is_changing:
            raise next_step(
                f"endpoint {client.endpoint.name} is {client.endpoint.state}: two versions may "
                "answer",
                "run the same again when `radimpress cloud status` shows it InService",
            )
        self.name, self._client = name, client
        self._options = {
            "max_new_tokens": decoding.max_new_tokens,
            "num_beams": decoding.num_beams,
            "statements": False,
        }
        self._kept: list[KeptAnswers] = []
        self._version: dict[str, str] | None = None

    @property
    def served(self) -> dict[str, str]:
        """Endpoint and model version behind the predictions, for the summary beside them."""
        return {"endpoint": self._client.endpoint.name, **(self._version or {})}

    def generate(self, reports: Sequence[Report]) -> list[Prediction]:
        """One prediction a report, in order; "" for a report without findings.

        Raises RadimpressError where a report stays without an answer, naming study ids, and where
        the endpoint changes its version on the way.
        """
        requests = [self._request(report) for report in reports if report.findings]
        endpoint = self._client.endpoint
        with kept_answers(requests, endpoint.arn, endpoint.config) as kept:
            self._kept.append(kept)
            answers = iter(self._client.answers(requests, kept, self._refuse_other_version))
        return [
            prediction_of(report.study_id, next(answers))
            if report.findings
            else Prediction(report.study_id, "")
            for report in reports
        ]

    def discard(self) -> None:
        """Forget the kept answers: the predictions stand where they belong."""
        for kept in self._kept:
            kept.discard()

    def _request(self, report: Report) -> Request:
        return {
            "findings": report.findings,
            "background": report.background,
            "study_id": report.study_id,
            **self._options,
        }

    def _refuse_other_version(self, answer: Answer) -> None:
        version = version_of(answer)
        if self._version is None:
            self._version = version
        if version != self._version:
            raise next_step(
                f"endpoint {self._client.endpoint.name} changed from version "
                f"{self._version.get('version')} to {version.get('version')} while it was asked",
                "run the same again: all reports must be answered by one version",
            )


def summarize_remotely(client: EndpointClient, requests: Requests) -> list[Prediction]:
    """What `Summarizer.summarize` gives for the same requests, from an endpoint.

    Raises RadimpressError where a report stays without an answer; those answered are then kept for
    the next run.
    """
    rows = zip(requests.findings, requests.background, requests.study_ids, strict=True)
    asked: list[Request] = [
        {"findings": findings, "background": background, "study_id": study, "statements": False}
        for findings, background, study in rows
    ]
    endpoint = client.endpoint
    with kept_answers(asked, endpoint.arn, endpoint.config) as kept:
        answers = client.answers(asked, kept)
    kept.discard()
    return [
        prediction_of(study, answer)
        for study, answer in zip(requests.study_ids, answers, strict=True)
    ]


def prediction_of(study_id: str, answer: Answer) -> Prediction:
    """An answer as a row of reports/predictions."""
    truncated, clipped = bool(answer.get("truncated")), bool(answer.get("clipped"))
    return Prediction(study_id, answer["impression"], truncated, clipped)


def endpoint_systems(config: Config) -> list[EndpointSystem]:
    """A system for each of generation.endpoints; nothing is asked of AWS where there is none."""
    generation = config.generation
    if not generation.endpoints:
        return []
    session, public = open_session(config.cloud), text_is_public(config)
    return [
        EndpointSystem(
            name,
            EndpointClient(session, endpoint, public, generation.concurrency),
            Decoding.of(generation),
        )
        for name, endpoint in generation.endpoints.items()
    ]
