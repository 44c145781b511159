"""The dashboard in QuickSight with what it is made of, and the tables in Glue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from radimpress.cloud.dashboard.catalogue import database
from radimpress.cloud.inventory.resource import Kind, Look, Resource, is_gone
from radimpress.cloud.refusals import error_code
from radimpress.cloud.session import Session
from radimpress.cloud.tags import PROJECT, is_ours

SIGNED_UP = "not signed up"  # AWS's words where the account has no QuickSight


@dataclass(frozen=True, slots=True)
class QuickSight:
    """One kind of QuickSight's; users and SPICE are billed elsewhere."""

    kind: Kind
    noun: str  # as in the operations: "data_set"
    items: str  # key of the list
    name: str  # key of the id

    def find(self, session: Session, look: Look) -> Iterator[Resource]:  # noqa: ARG002  # fixed
        """Those with our tag; nothing where the account has no QuickSight."""
        client = session.client("quicksight")
        try:
            for one in self._listed(client, session.account):
                tags = client.list_tags_for_resource(ResourceArn=one["Arn"])["Tags"]
                if is_ours(tags, session.cloud):
                    yield self._resource(one)
        except client.exceptions.ClientError as error:
            if SIGNED_UP not in str(error) and error_code(error) != "ResourceNotFoundException":
                raise

    def remove(self, session: Session, resource: Resource) -> None:
        """Delete it."""
        client, asked = session.client("quicksight"), {self.name: resource.name}
        getattr(client, f"delete_{self.noun}")(AwsAccountId=session.account, **asked)

    def _listed(self, client: Any, account: str) -> Iterator[Mapping[str, Any]]:
        pages = client.get_paginator(f"list_{self.noun}s").paginate(AwsAccountId=account)
        for page in pages:
            yield from page[self.items]

    def _resource(self, one: Mapping[str, Any]) -> Resource:
        return Resource(self.kind, one[self.name], one["Arn"], "", 0.0, one.get("CreatedTime"))


class Catalogue:
    """The Glue database over the results in S3; its tables go with it."""

    kind = Kind.catalogue

    def find(self, session: Session, look: Look) -> Iterator[Resource]:  # noqa: ARG002  # fixed
        """Ours, where there is one."""
        client, name = session.client("glue"), database(session.cloud.project)
        arn = f"arn:{session.partition}:glue:{session.region}:{session.account}:database/{name}"
        try:
            found = client.get_database(Name=name)["Database"]
            tags = client.get_tags(ResourceArn=arn)["Tags"]
        except client.exceptions.ClientError as error:
            if is_gone(error):
                return
            raise
        if tags.get(PROJECT) == session.cloud.project:
            yield Resource(self.kind, name, arn, "", 0.0, found.get("CreateTime"))

    def remove(self, session: Session, resource: Resource) -> None:
        """Delete the database; the files that it names stay."""
        session.client("glue").delete_database(Name=resource.name)


SECTIONS = (
    QuickSight(Kind.dashboard, "dashboard", "DashboardSummaryList", "DashboardId"),
    QuickSight(Kind.data_set, "data_set", "DataSetSummaries", "DataSetId"),
    QuickSight(Kind.data_source, "data_source", "DataSources", "DataSourceId"),
    Catalogue(),
)
