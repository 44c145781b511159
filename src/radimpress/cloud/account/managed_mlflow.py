"""MLflow that AWS runs: `tracking.uri` is the ARN of its tracking server.

The plugin sagemaker-mlflow signs what mlflow asks, so nothing else changes: runs, registry and
promotion work as against any server. Only its page must be opened by an address that AWS signs.
"""

from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session

PREFIX = "arn:"
OPEN_S = 300  # how long the address may be opened


def is_managed(tracking_uri: str) -> bool:
    """Whether a tracking URI names a server that AWS runs."""
    return tracking_uri.startswith(PREFIX)


def page(session: Session, tracking_arn: str) -> str:
    """An address at which a browser opens the server's pages, for OPEN_S seconds."""
    with spoken(f"open {tracking_arn}"):
        answer = session.client("sagemaker").create_presigned_mlflow_tracking_server_url(
            TrackingServerName=tracking_arn.rpartition("/")[2], ExpiresInSeconds=OPEN_S
        )
    return str(answer["AuthorizedUrl"])
