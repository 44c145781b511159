"""The Glue database and tables through which Athena, and so QuickSight, reads the Parquet."""

from typing import Any

import pyarrow as pa

from radimpress.cloud.dashboard.tables import PARTITION, TABLES
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import tagged, tags

_TYPES = {pa.string(): "string", pa.float64(): "double", pa.int64(): "bigint"}
_PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


def database(project: str) -> str:
    """The database's name: Athena takes no hyphens."""
    return project.replace("-", "_")


def columns(table: str) -> list[dict[str, str]]:
    """The columns of a table as Glue names their types."""
    return [{"Name": field.name, "Type": _TYPES[field.type]} for field in TABLES[table]]


def table_input(table: str, location: str) -> dict[str, Any]:
    """Glue's TableInput over `location`; `register` names each run's partition: no crawler runs."""
    return {
        "Name": table,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "parquet", "EXTERNAL": "TRUE"},
        "PartitionKeys": [{"Name": PARTITION, "Type": "string"}],
        "StorageDescriptor": storage(table, location),
    }


def storage(table: str, location: str) -> dict[str, Any]:
    """Where and how the rows of a table, or of one of its partitions, are stored."""
    return {
        "Columns": columns(table),
        "Location": location,
        "InputFormat": f"{_PARQUET}.MapredParquetInputFormat",
        "OutputFormat": f"{_PARQUET}.MapredParquetOutputFormat",
        "SerdeInfo": {"SerializationLibrary": f"{_PARQUET}.serde.ParquetHiveSerDe"},
    }


def register(session: Session, location: str, run: str) -> None:
    """Make sure that database, tables and the partition of `run` below `location` are there."""
    glue, name = session.client("glue"), database(session.cloud.project)
    with spoken("naming the results in Glue"):
        tagged_as = tagged(tags(session.cloud, "catalogue"))
        _unless_there(glue.create_database, DatabaseInput={"Name": name}, Tags=tagged_as)
        for table in TABLES:
            whole = f"{location}/{table}/"
            _unless_there(
                glue.create_table, DatabaseName=name, TableInput=table_input(table, whole)
            )
            _unless_there(
                glue.create_partition,
                DatabaseName=name,
                TableName=table,
                PartitionInput={
                    "Values": [run],
                    "StorageDescriptor": storage(table, f"{whole}{PARTITION}={run}/"),
                },
            )


def _unless_there(call: Any, **request: Any) -> None:
    from botocore.exceptions import ClientError

    try:
        call(**request)
    except ClientError as error:
        if error_code(error) != "AlreadyExistsException":
            raise
