"""The project's bucket: how much lies in it, and emptying it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.inventory.resource import HOURS_A_MONTH, Kind, Look, Resource
from radimpress.cloud.refusals import error_code
from radimpress.cloud.session import Session
from radimpress.cloud.tags import PROJECT, is_ours
from radimpress.runtime.errors import next_step

USD_A_GB_MONTH = 0.023  # S3 Standard, us-east-1, first 50 TB
KEPT = "dvc/"  # the DVC remote: what every commit's data and models are restored from
ABSENT = ("NoSuchBucket", "NoSuchTagSet", "404")


@dataclass(frozen=True, slots=True)
class Bucket:
    """The objects of the project's bucket; the bucket itself, and DVC's remote in it, stay.

    So does what lies below `spared`: prefixes of keys.
    """

    spared: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it finds."""
        return Kind.objects

    def find(self, session: Session, look: Look) -> Iterator[Resource]:  # noqa: ARG002  # fixed
        """One line for all versions of all objects, where the bucket is there and not empty.

        Old versions count: they are what a deleted report stays in.
        """
        client = session.client("s3")
        count = size = kept = models = 0
        try:
            for item in _versions(client, session.bucket):
                is_kept = item["Key"].startswith(KEPT)
                is_model = not is_kept and item["Key"].startswith(self.spared)
                kept += is_kept
                models += is_model
                count += not is_kept and not is_model
                size += item.get("Size", 0)  # a mark of deletion has none
        except client.exceptions.ClientError as error:
            if error_code(error) in ABSENT:
                return
            raise
        if count or kept or models:
            note = f"{count:,} objects" + (f", {kept:,} of DVC" if kept else "")
            note += f", {models:,} of models registered by reference" if models else ""
            usd = size / 1e9 * USD_A_GB_MONTH / HOURS_A_MONTH
            arn = f"arn:{session.partition}:s3:::{session.bucket}"
            state = f"{size / 1e6:,.1f} MB"
            yield Resource(
                self.kind,
                session.bucket,
                arn,
                state,
                usd,
                note=note,
                is_over=not count,
                is_data=True,
            )

    def remove(self, session: Session, resource: Resource) -> None:
        """Delete every version of every object but DVC's and what is spared.

        Raises RadimpressError for a bucket without our tag: it may hold the work of others.
        """
        client = session.client("s3")
        if not is_ours(_tags(client, resource.name), session.cloud):
            raise next_step(
                f"bucket {resource.name} does not carry the tag {PROJECT}={session.cloud.project}",
                "tag it where all in it is this project's, or delete the objects yourself",
            )
        for several in _doomed(client, resource.name, (KEPT, *self.spared)):
            said = client.delete_objects(
                Bucket=resource.name, Delete={"Objects": several, "Quiet": True}
            )
            if errors := said.get("Errors"):
                raise next_step(
                    f"{len(errors)} objects of {resource.name} stay ({errors[0]['Code']})",
                    "look at the bucket's policy, then run the same again",
                )


def _pages(client: Any, bucket: str) -> Iterator[list[dict[str, Any]]]:
    """Every version of every object, and every mark of deletion: at most a thousand at once."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        yield [*page.get("Versions", []), *page.get("DeleteMarkers", [])]


def _versions(client: Any, bucket: str) -> Iterator[dict[str, Any]]:
    for page in _pages(client, bucket):
        yield from page


def _doomed(client: Any, bucket: str, spared: tuple[str, ...]) -> Iterator[list[dict[str, str]]]:
    """What to delete, a page at a time: S3 deletes a thousand at once."""
    for page in _pages(client, bucket):
        named = [
            {"Key": item["Key"], "VersionId": item.get("VersionId") or "null"}
            for item in page
            if not item["Key"].startswith(spared)
        ]
        if named:
            yield named


def _tags(client: Any, bucket: str) -> list[dict[str, str]]:
    try:
        found: list[dict[str, str]] = client.get_bucket_tagging(Bucket=bucket)["TagSet"]
    except client.exceptions.ClientError as error:
        if error_code(error) in ABSENT:
            return []
        raise
    return found
