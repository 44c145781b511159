"""The Glue database and tables through which Athena, and so QuickSight, reads the Parquet."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from radimpress.cloud.dashboard.tables import PARTITION, TABLES
from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import refuse_strangers, tagged, tags

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
    """Make sure that database, tables and the partition of `run` below `location` are there.

    A table whose columns are no longer ours gets ours; partitions of other runs keep those that
    their files have. Raises RadimpressError where the database is another project's.
    """
    name = database(session.cloud.project)
    with spoken("naming the results in Glue"):
        _own_database(session, name)
        for table in TABLES:
            whole = f"{location}/{table}/"
            _own_table(session, name, table_input(table, whole))
            kept = storage(table, f"{whole}{PARTITION}={run}/")
            _own_partition(session, name, table, {"Values": [run], "StorageDescriptor": kept})


def _own_database(session: Session, name: str) -> None:
    made = tagged(tags(session.cloud, "catalogue"))
    glue = session.client("glue")
    if _created(glue.create_database, DatabaseInput={"Name": name}, Tags=made):
        return
    arn = f"arn:{session.partition}:glue:{session.region}:{session.account}:database/{name}"
    found = glue.get_tags(ResourceArn=arn)["Tags"]
    listed = [{"Key": key, "Value": value} for key, value in found.items()]
    refuse_strangers(listed, session.cloud, f"the Glue database {name}")


def _own_table(session: Session, name: str, wanted: dict[str, Any]) -> None:
    glue = session.client("glue")
    if _created(glue.create_table, DatabaseName=name, TableInput=wanted):
        return
    present = glue.get_table(DatabaseName=name, Name=wanted["Name"])["Table"]
    if not _is_stored(present, wanted):
        glue.update_table(DatabaseName=name, TableInput=wanted)


def _own_partition(session: Session, name: str, table: str, wanted: dict[str, Any]) -> None:
    glue, at = session.client("glue"), {"DatabaseName": name, "TableName": table}
    if _created(glue.create_partition, **at, PartitionInput=wanted):
        return
    values = wanted["Values"]
    present = glue.get_partition(**at, PartitionValues=values)["Partition"]
    if not _is_stored(present, wanted):
        glue.update_partition(**at, PartitionValueList=values, PartitionInput=wanted)


def _is_stored(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a table or partition is stored as wanted; AWS adds defaults of its own."""
    there, ours = present["StorageDescriptor"], wanted["StorageDescriptor"]
    return {key: there.get(key) for key in ours} == ours


def _created(call: Any, **request: Any) -> bool:
    """Create; False where there is one of that name."""
    from botocore.exceptions import ClientError

    try:
        call(**request)
    except ClientError as error:
        if error_code(error) != "AlreadyExistsException":
            raise
        return False
    return True
