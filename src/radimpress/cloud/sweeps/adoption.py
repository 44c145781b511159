"""A trial that has made what the stage `train` would make: noted, so that the stage takes it."""

import json

from radimpress.cloud.jobs.identity import Identity
from radimpress.cloud.session import Session
from radimpress.cloud.storage import get_text, put_text


def note_trial(session: Session, identity: Identity, job: str) -> None:
    """Say that the training job `job` of a tuner has made the result of `identity`."""
    put_text(session, json.dumps({"job": job}) + "\n", _note_uri(session, identity))


def noted_trial(session: Session, identity: Identity) -> str | None:
    """The training job of a tuner that has made the result of `identity`."""
    text = get_text(session, _note_uri(session, identity))
    return str(json.loads(text)["job"]) if text else None


def _note_uri(session: Session, identity: Identity) -> str:
    return f"s3://{session.bucket}/jobs/{identity.key}/trial-{identity.result[:32]}.json"
