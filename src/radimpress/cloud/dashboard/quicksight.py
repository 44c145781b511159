"""The data source, data sets, refresh and dashboard in QuickSight; each made once, then updated."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from radimpress.cloud.dashboard.building import built
from radimpress.cloud.dashboard.catalogue import database
from radimpress.cloud.dashboard.definition import definition
from radimpress.cloud.dashboard.tables import PARTITION, TABLES
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session, partition_of
from radimpress.cloud.tags import refuse_strangers, tags

_TYPES = {pa.string(): "STRING", pa.float64(): "DECIMAL", pa.int64(): "INTEGER"}
_SOURCE_ACTIONS = ("DescribeDataSource", "DescribeDataSourcePermissions", "PassDataSource")
_SET_ACTIONS = (
    *("DescribeDataSet", "DescribeDataSetPermissions", "PassDataSet", "DescribeIngestion"),
    *("ListIngestions", "CreateIngestion", "CancelIngestion", "UpdateDataSet", "DeleteDataSet"),
)
_DASHBOARD_ACTIONS = (
    *("DescribeDashboard", "ListDashboardVersions", "UpdateDashboardPermissions"),
    *("QueryDashboard", "UpdateDashboard", "DeleteDashboard", "DescribeDashboardPermissions"),
    "UpdateDashboardPublishedVersion",
)


@dataclass(frozen=True, slots=True)
class Names:
    """The ids and ARNs of one project's things in QuickSight."""

    account: str
    region: str
    project: str

    def arn(self, kind: str, name: str) -> str:
        """The ARN of a `datasource`, `dataset` or `dashboard`."""
        return (
            f"arn:{partition_of(self.region)}:quicksight:{self.region}:{self.account}:{kind}/{name}"
        )

    @property
    def source(self) -> str:
        """The data source's id."""
        return f"{self.project}-athena"

    @property
    def dashboard(self) -> str:
        """The dashboard's id."""
        return f"{self.project}-results"

    def data_set(self, table: str) -> str:
        """The id of the data set over a table."""
        return f"{self.project}-{table}"


def data_source_request(names: Names, owner: str, tagged: list[dict[str, str]]) -> dict[str, Any]:
    """CreateDataSource: Athena's primary work group, over TLS."""
    return {
        "AwsAccountId": names.account,
        "DataSourceId": names.source,
        "Name": f"{names.project} results",
        "Type": "ATHENA",
        "DataSourceParameters": {"AthenaParameters": {"WorkGroup": "primary"}},
        "SslProperties": {"DisableSsl": False},
        "Permissions": _permissions(owner, _SOURCE_ACTIONS),
        "Tags": tagged,
    }


def data_set_request(
    names: Names, table: str, owner: str, tagged: list[dict[str, str]]
) -> dict[str, Any]:
    """CreateDataSet: a table of the Glue database, held in SPICE."""
    fields = [*TABLES[table], pa.field(PARTITION, pa.string())]
    return {
        "AwsAccountId": names.account,
        "DataSetId": names.data_set(table),
        "Name": f"{names.project} {table}",
        "ImportMode": "SPICE",
        "PhysicalTableMap": {
            table: {
                "RelationalTable": {
                    "DataSourceArn": names.arn("datasource", names.source),
                    "Catalog": "AwsDataCatalog",
                    "Schema": database(names.project),
                    "Name": table,
                    "InputColumns": [{"Name": f.name, "Type": _TYPES[f.type]} for f in fields],
                }
            }
        },
        "Permissions": _permissions(owner, _SET_ACTIONS),
        "Tags": tagged,
    }


def dashboard_request(
    names: Names, run: str, owner: str, tagged: list[dict[str, str]]
) -> dict[str, Any]:
    """CreateDashboard from its definition, opened at `run`; nothing is exported to CSV."""
    arns = {table: names.arn("dataset", names.data_set(table)) for table in TABLES}
    return {
        "AwsAccountId": names.account,
        "DashboardId": names.dashboard,
        "Name": f"{names.project} results",
        "Definition": definition(arns, run),
        "VersionDescription": f"run {run}",
        "DashboardPublishOptions": {
            "AdHocFilteringOption": {"AvailabilityStatus": "ENABLED"},
            "ExportToCSVOption": {"AvailabilityStatus": "DISABLED"},
        },
        "ValidationStrategy": {"Mode": "STRICT"},
        "Permissions": _permissions(owner, _DASHBOARD_ACTIONS),
        "Tags": tagged,
    }


def requests(session: Session, run: str, owner: str) -> dict[str, dict[str, Any]]:
    """Every request that `publish` sends to make things, by operation."""
    names, cloud = Names(session.account, session.region, session.cloud.project), session.cloud
    return {
        "CreateDataSource": data_source_request(names, owner, tags(cloud, "data-source")),
        **{
            f"CreateDataSet {table}": data_set_request(names, table, owner, tags(cloud, "data-set"))
            for table in TABLES
        },
        "CreateDashboard": dashboard_request(names, run, owner, tags(cloud, "dashboard")),
    }


def publish(session: Session, run: str, owner: str) -> str:
    """Bring QuickSight in line with the tables in S3; the dashboard's address.

    `owner` is the ARN of the QuickSight user or group that may see and change it. Asking again
    updates: data sets are refreshed and the new version of the dashboard is published. Raises
    RadimpressError where a thing of that name is not this project's, and where one is not built.
    """
    names = Names(session.account, session.region, session.cloud.project)
    client, made = session.client("quicksight"), requests(session, run, owner)
    with spoken("publishing the dashboard"):
        source = names.arn("datasource", names.source)
        _create_or_update(session, "data_source", source, made["CreateDataSource"], ("Type",))
        _await_source(client, names)
        for table in TABLES:
            data_set = names.arn("dataset", names.data_set(table))
            if not _create_or_update(
                session, "data_set", data_set, made[f"CreateDataSet {table}"]
            ).is_new:
                _refresh(client, names, table, run)
        dashboard = names.arn("dashboard", names.dashboard)
        done = _create_or_update(session, "dashboard", dashboard, made["CreateDashboard"])
        _await_and_publish(client, names, done)
    return f"https://{names.region}.quicksight.aws.amazon.com/sn/dashboards/{names.dashboard}"


@dataclass(frozen=True, slots=True)
class _Done:
    is_new: bool
    answer: Mapping[str, Any]


def _create_or_update(
    session: Session,
    kind: str,
    arn: str,
    request: Mapping[str, Any],
    drop: tuple[str, ...] = (),
) -> _Done:
    """Create a thing, or update the one of that id, where it is ours."""
    from botocore.exceptions import ClientError

    client = session.client("quicksight")
    try:
        return _Done(True, getattr(client, f"create_{kind}")(**request))
    except ClientError as error:
        if error_code(error) != "ResourceExistsException":
            raise
    listed = client.list_tags_for_resource(ResourceArn=arn)["Tags"]
    refuse_strangers(listed, session.cloud, f"the QuickSight {kind.replace('_', ' ')} {arn}")
    left = {"Tags", "Permissions", *drop}
    changed = {key: value for key, value in request.items() if key not in left}
    return _Done(False, getattr(client, f"update_{kind}")(**changed))


def _await_source(client: Any, names: Names) -> None:
    at = {"AwsAccountId": names.account, "DataSourceId": names.source}
    built(
        f"the data source {names.source}", lambda: client.describe_data_source(**at)["DataSource"]
    )


def _refresh(client: Any, names: Names, table: str, run: str) -> None:
    """Read the table into SPICE anew; a new data set does so by itself."""
    client.create_ingestion(
        AwsAccountId=names.account,
        DataSetId=names.data_set(table),
        IngestionId=f"{run}-{int(time.time())}",
        IngestionType="FULL_REFRESH",
    )


def _await_and_publish(client: Any, names: Names, done: _Done) -> None:
    """Show the version that was made once it is built; QuickSight itself shows the first."""
    number = int(str(done.answer["VersionArn"]).rpartition("/")[2])
    at = {"AwsAccountId": names.account, "DashboardId": names.dashboard, "VersionNumber": number}
    built(
        f"version {number} of the dashboard {names.dashboard}",
        lambda: client.describe_dashboard(**at)["Dashboard"]["Version"],
    )
    if not done.is_new:
        client.update_dashboard_published_version(**at)


def _permissions(owner: str, actions: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"Principal": owner, "Actions": [f"quicksight:{action}" for action in actions]}]
