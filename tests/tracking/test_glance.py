"""What is seen without MLflow is what MLflow says."""

import sqlite3
from pathlib import Path

import pytest

from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.glance import glance, newest_revisions, sqlite_file
from radimpress.tracking.names import KEY


def test_only_a_sqlite_store_is_a_file():
    assert sqlite_file("sqlite:////home/me/mlflow.db") == Path("/home/me/mlflow.db")
    assert sqlite_file("sqlite:///mlflow.db") == Path("mlflow.db")
    assert sqlite_file("postgresql://me@host/db") is None


def test_a_store_that_mlflow_made_shows_its_versions_and_their_keys(store):
    client = store.client
    client.create_registered_model("glanced")
    for number in (1, 2, 3):
        client.create_model_version("glanced", "file:///nowhere")
        if number < 3:
            client.set_model_version_tag("glanced", str(number), KEY, f"key-{number}")
    client.delete_model_version("glanced", "1")
    path = sqlite_file(store.uri)
    before = path.read_bytes()
    found = glance(path)
    assert found.exists
    ours = {key: value for key, value in found.keys.items() if key[0] == "glanced"}
    assert ours == {("glanced", "2"): "key-2", ("glanced", "3"): ""}, "the store has others too"
    assert path.read_bytes() == before


def test_the_newest_revision_is_the_one_that_mlflow_migrates_to(store):
    with sqlite3.connect(sqlite_file(store.uri)) as database:
        stored = database.execute("SELECT version_num FROM alembic_version").fetchall()
    assert [row[0] for row in stored] == list(newest_revisions())


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    found = glance(tmp_path / "mlflow.db")
    assert (found.exists, found.keys) == (False, {})
    assert not (tmp_path / "mlflow.db").exists()


def test_a_damaged_store_says_how_to_go_on(tmp_path):
    path = tmp_path / "mlflow.db"
    path.write_bytes(b"no database, " * 500)
    with pytest.raises(RadimpressError, match="does not answer .* can be moved away"):
        glance(path)


def test_a_store_of_another_mlflow_is_refused(store, tmp_path):
    path = tmp_path / "other.db"
    path.write_bytes(sqlite_file(store.uri).read_bytes())
    with sqlite3.connect(path) as database:
        database.execute("UPDATE alembic_version SET version_num = '0123456789ab'")
    with pytest.raises(RadimpressError, match="has the schema 0123456789ab, the installed MLflow"):
        glance(path)
