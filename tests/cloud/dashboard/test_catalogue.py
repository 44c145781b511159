import pytest

from loopback.validation import validate
from radimpress.cloud.dashboard.catalogue import database, register, table_input
from radimpress.cloud.dashboard.tables import TABLES
from radimpress.cloud.session import open_session
from radimpress.config.cloud import Cloud


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
