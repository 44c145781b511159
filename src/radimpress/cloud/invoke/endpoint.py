"""An endpoint to ask: that it answers, how, and that report text may be sent to it."""

from dataclasses import dataclass

from radimpress.cloud.refusals import error_code, refusal
from radimpress.cloud.session import Session
from radimpress.cloud.tags import PROJECT, is_ours
from radimpress.runtime.errors import next_step

ANSWERS = ("InService", "Updating", "SystemUpdating", "RollingBack")  # the old fleet still does


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What SageMaker says of an endpoint of this account; `config` changes with every update."""

    name: str
    arn: str
    config: str
    state: str
    is_asynchronous: bool

    @property
    def is_changing(self) -> bool:
        """Whether two versions may answer side by side."""
        return self.state != "InService"


def find_endpoint(session: Session, name: str, text_is_public: bool) -> Endpoint:
    """The endpoint `name`, ready to be asked.

    Where text is not public, the endpoint must carry this project's tag (it is then a container of
    the team's own, in the team's own account) and keep no copies of requests (docs/privacy.md).
    Raises RadimpressError where it is missing, not in service, or may not be sent report text.
    """
    from botocore.exceptions import ClientError

    sagemaker = session.client("sagemaker")
    try:
        said = sagemaker.describe_endpoint(EndpointName=name)
        tags = (
            [] if text_is_public else sagemaker.list_tags(ResourceArn=said["EndpointArn"])["Tags"]
        )
    except ClientError as error:
        if error_code(error) in ("ValidationException", "ResourceNotFound"):
            raise next_step(
                f"there is no endpoint {name!r} in {session.region}",
                "`radimpress cloud status` lists them; `radimpress deploy` makes one",
            ) from error
        raise refusal(f"describe endpoint {name}", error) from error
    state = str(said["EndpointStatus"])
    if state not in ANSWERS:
        raise next_step(
            f"endpoint {name} is {state} and does not answer",
            "wait until `radimpress cloud status` shows it InService",
        )
    if not text_is_public:
        _refuse_private_text(session, name, bool(_captures(said)), is_ours(tags, session.cloud))
    return Endpoint(
        name,
        str(said["EndpointArn"]),
        str(said["EndpointConfigName"]),
        state,
        bool(said.get("AsyncInferenceConfig")),
    )


def _captures(said: dict[str, object]) -> bool:
    capture = said.get("DataCaptureConfig")
    return isinstance(capture, dict) and bool(capture.get("EnableCapture"))


def _refuse_private_text(session: Session, name: str, captures: bool, ours: bool) -> None:
    if captures:
        raise next_step(
            f"endpoint {name} keeps copies of requests (data capture), and the corpus is not "
            "public",
            "deploy it with deployment.data_capture_percent=0",
        )
    if not ours:
        raise next_step(
            f"endpoint {name} does not carry the tag {PROJECT}={session.cloud.project}, so report "
            "text that is not public is not sent to it",
            "deploy it with `radimpress deploy`, or tag it where its container is your own",
        )
