"""SageMaker's own ModelTrainer, without what it does behind one's back.

It would ask STS at AWS's address even where AWS_ENDPOINT_URL names another, send telemetry with the
account's id, simulate the role's rights (a caller may not be allowed to), upload its drivers under
a new name each time, and give jobs names with the time. Here it builds the request; the job is then
created with a name of ours (`job_request`).
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_folder

if TYPE_CHECKING:
    from sagemaker.core.helper.session_helper import Session as SdkSession
    from sagemaker.train import ModelTrainer

SDK_SETTINGS = {
    "SchemaVersion": "1.0",
    "SageMaker": {"PythonSDK": {"Modules": {"TelemetryOptOut": True}}},
}
ROLE_CHECK = "SAGEMAKER_VALIDATE_ROLE"


def sdk_session(session: Session) -> "SdkSession":
    """The SDK's session over `session`: each of its clients talks to the same address and region.

    Its S3 clients ask our bucket as a bucket of our account only, as our own do. Telemetry is off,
    and no SageMaker defaults file of the machine has a say.
    """
    import boto3

    class Pinned(boto3.Session):
        """A boto3 session whose clients cannot be sent elsewhere."""

        def client(self, service_name: str, *args: Any, **options: Any) -> Any:
            if session.endpoint_url:
                options["endpoint_url"] = session.endpoint_url
            return super().client(service_name, *args, **options)

        def resource(self, service_name: str, *args: Any, **options: Any) -> Any:
            if session.endpoint_url:
                options["endpoint_url"] = session.endpoint_url
            return super().resource(service_name, *args, **options)

    os.environ.setdefault("AWS_DEFAULT_REGION", session.region)  # the SDK wants one on import
    from sagemaker.core.helper.session_helper import Session as SdkSession

    pinned = Pinned(region_name=session.region, profile_name=session.cloud.profile)
    session.guard_bucket(pinned)
    return SdkSession(
        boto_session=pinned,
        sagemaker_client=session.client("sagemaker"),
        default_bucket=session.bucket,
        sagemaker_config=SDK_SETTINGS,
    )


def model_trainer(session: Session, **settings: Any) -> "ModelTrainer":
    """A ModelTrainer whose local folders go to S3 content-addressed. `settings` are its own."""
    sdk = sdk_session(session)  # before the import below, which wants a region
    from sagemaker.train import ModelTrainer

    class ContentAddressed(ModelTrainer):
        """Uploads what is not there yet, and nothing else."""

        def create_input_data_channel(
            self, channel_name: str, data_source: Any, *args: Any, **options: Any
        ) -> Any:
            """As its parent, which would upload local folders under a new name each time."""
            if isinstance(data_source, str) and not data_source.startswith("s3://"):
                data_source = put_folder(session, Path(data_source))
            return super().create_input_data_channel(channel_name, data_source, *args, **options)

    before = os.environ.get(ROLE_CHECK)
    os.environ[ROLE_CHECK] = "false"  # `radimpress doctor --aws` looks at the role
    try:
        return ContentAddressed(sagemaker_session=sdk, role=session.role_arn, **settings)
    finally:
        if before is None:
            del os.environ[ROLE_CHECK]
        else:
            os.environ[ROLE_CHECK] = before


def request_of(trainer: "ModelTrainer") -> dict[str, Any]:
    """What `trainer` would ask CreateTrainingJob for. The SDK has no public way to see it."""
    request: dict[str, Any] = trainer._create_training_job_args(boto3=True)
    return {name: value for name, value in request.items() if value is not None}
