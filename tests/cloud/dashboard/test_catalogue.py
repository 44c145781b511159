import pyarrow as pa
import pytest

from loopback.validation import validate
from radimpress.cloud.dashboard.catalogue import database, register, table_input
from radimpress.cloud.dashboard.tables import TABLES
from radimpress.cloud.session import open_session
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError


@pytest.mark.parametrize("table", TABLES)
def test_a_table_fits_awss_own_description(table):
    request = {
        "DatabaseName": database("chest-two"),
        "TableInput": table_input(table, f"s3://b/dashboard/{table}/"),
    }
    assert validate("glue", "CreateTable", request) == []


def test_athena_takes_no_hyphens():
    assert database("chest-two") == "chest_two"


@pytest.mark.usefixtures("loopback")
def test_tables_and_the_partition_of_each_run_are_named_once():
    session = open_session(Cloud())
    for run in ("r1", "r2", "r1"):
        register(session, f"s3://{session.bucket}/dashboard", run)
    glue = session.client("glue")
    found = glue.get_tables(DatabaseName="radimpress")["TableList"]
    assert {table["Name"] for table in found} == set(TABLES)
    for table in TABLES:
        parts = glue.get_partitions(DatabaseName="radimpress", TableName=table)["Partitions"]
        assert sorted(part["Values"][0] for part in parts) == ["r1", "r2"]
        assert parts[0]["StorageDescriptor"]["Location"].endswith(f"/{table}/run=r1/")


@pytest.mark.usefixtures("loopback")
def test_a_table_whose_columns_have_changed_is_updated_and_old_runs_keep_theirs(monkeypatch):
    session = open_session(Cloud())
    location = f"s3://{session.bucket}/dashboard"
    register(session, location, "r1")
    register(session, location, "r2")
    more = TABLES["metrics"].append(pa.field("unit", pa.string()))
    monkeypatch.setitem(TABLES, "metrics", more)
    register(session, location, "r2")

    glue, at = session.client("glue"), {"DatabaseName": "radimpress"}
    table = glue.get_table(**at, Name="metrics")["Table"]
    assert table["StorageDescriptor"]["Columns"][-1] == {"Name": "unit", "Type": "string"}
    kept = glue.get_partitions(**at, TableName="metrics")["Partitions"]
    columns = {one["Values"][0]: one["StorageDescriptor"]["Columns"][-1]["Name"] for one in kept}
    assert columns == {"r1": "reports", "r2": "unit"}


def test_an_unchanged_table_is_left_as_it_is(loopback):
    session = open_session(Cloud())
    for _ in range(2):
        register(session, f"s3://{session.bucket}/dashboard", "r1")
    assert loopback.calls["glue:UpdateTable"] == 0


def test_a_database_of_that_name_without_our_tag_is_left_alone(loopback):
    session = open_session(Cloud())
    loopback.client("glue").create_database(DatabaseInput={"Name": "radimpress"})
    with pytest.raises(RadimpressError, match="database radimpress does not carry the tag"):
        register(session, f"s3://{session.bucket}/dashboard", "r1")
    assert loopback.calls["glue:CreateTable"] == 0
