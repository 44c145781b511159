"""The tags by which everything that radimpress creates in AWS is found, billed and torn down."""

from collections.abc import Iterable, Mapping

from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import next_step

PROJECT = "radimpress:project"
KIND = "radimpress:kind"  # training-job, endpoint, endpoint-config, model, transform-job, ...
KEY = "radimpress:key"  # the fingerprint of what a job makes
VERSION = "radimpress:version"  # of the registered model that an endpoint serves
MODEL = "radimpress:model-sha256"
COMMIT = "radimpress:git-commit"
LEDGER = "radimpress:ledger-entry"  # digest of the entry that made this version champion
ACCEPTED = "radimpress:accepted"  # the endpoint configuration that passed its golden cases


def tags(cloud: Cloud, kind: str, more: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """The tags of a new resource, as AWS wants them. No report text ever belongs in them.

    cloud.tags adds to ours and replaces none: by them everything is found and torn down.
    """
    every = dict(cloud.tags) | {PROJECT: cloud.project, KIND: kind} | dict(more or {})
    return [{"Key": key, "Value": value} for key, value in sorted(every.items())]


def tagged(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """AWS's list of tags as a dict."""
    return {tag["Key"]: tag["Value"] for tag in tags}


def is_ours(tags: Iterable[Mapping[str, str]], cloud: Cloud) -> bool:
    """Whether a resource with `tags` was created by this project."""
    return tagged(tags).get(PROJECT) == cloud.project


def refuse_strangers(listed: Iterable[Mapping[str, str]], cloud: Cloud, what: str) -> None:
    """Raise RadimpressError where `what`, with the tags `listed`, is not this project's."""
    if not is_ours(listed, cloud):
        raise next_step(
            f"{what} does not carry the tag {PROJECT}={cloud.project}: it is somebody else's",
            "choose another cloud.project, or tag it where it is yours",
        )
