import json
from types import SimpleNamespace

import pytest
from mlflow.exceptions import MlflowException

from radimpress.config.serving import Engine
from radimpress.modeling.recipe import Decoding
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.serving import sources
from radimpress.serving.served_model import Facts
from radimpress.serving.sources import FolderSource, RegistrySource, Running, source

RUNNING = Running(Engine.transformers, 1)


def no_store():
    raise AssertionError("a folder needs no store")


@pytest.fixture(autouse=True)
def loaded(monkeypatch):
    """Stands for loading: (folder, engine, threads) of every model that was loaded."""
    calls = []

    class StandIn:
        recipe = SimpleNamespace(decoding=Decoding(8), fingerprint="f" * 64)
        engine = Engine.transformers

        @classmethod
        def from_folder(cls, folder, engine, threads):
            calls.append((folder, engine, threads))
            return cls()

        def summarize(self, findings, background, decoding):
            return [SimpleNamespace(prediction="Fine.") for _ in findings]

    monkeypatch.setattr("radimpress.modeling.summarizer.Summarizer", StandIn)
    return calls


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "finetuned"
    path.mkdir()
    (path / "config.json").write_text("{}")
    return path


def test_a_folder_is_named_by_itself_and_its_hash(folder, loaded):
    found = source(str(folder), RUNNING, no_store)
    assert not found.follows
    model = found.load(found.find())
    sha256 = folder_sha256(folder)
    assert model.identity.name == "finetuned"
    assert model.identity.version == sha256[:12]
    assert model.identity.model_sha256 == sha256
    assert model.identity.fingerprint == "f" * 64
    assert model.engine == "transformers"
    assert model.facts.access == "private"
    assert loaded == [(folder, Engine.transformers, 1)]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(RadimpressError, match=r"nosuch is missing; next: name a model folder"):
        FolderSource(tmp_path / "nosuch", RUNNING).load("")


def test_a_package_is_checked_and_tells_its_lineage(folder, monkeypatch, loaded):
    unpacked = []

    def unpack(path, into):
        unpacked.append(path)
        return path

    monkeypatch.setattr(sources, "unpack", unpack)
    (folder / "MANIFEST.json").write_text("{}")
    lineage = {
        "radimpress.registered_model": "radimpress",
        "radimpress.version": "4",
        "radimpress.model_sha256": "b" * 64,
        "radimpress.access": "public",
    }
    (folder / "lineage.json").write_text(json.dumps(lineage))
    model = FolderSource(folder, RUNNING).load("")
    assert unpacked == [folder]
    assert (model.identity.name, model.identity.version) == ("radimpress", "4")
    assert model.identity.model_sha256 == "b" * 64
    assert model.facts.access == "public"


def test_a_file_that_is_no_package_is_refused(tmp_path):
    path = tmp_path / "model.tar.gz"
    path.write_bytes(b"no archive")
    with pytest.raises(RadimpressError, match=r"model\.tar\.gz"):
        FolderSource(path, RUNNING).load("")


@pytest.mark.parametrize("uri", ["models:/x", "models:/", "runs:/abc/model", "models:/a/b@c"])
def test_what_names_no_registered_model_is_refused(uri):
    with pytest.raises(RadimpressError, match="is no model to serve"):
        source(uri, RUNNING, no_store)


class Client:
    """A registry with one model, its alias at `at`."""

    at: str | None = "3"
    code = "RESOURCE_DOES_NOT_EXIST"

    def __init__(self, recorded=""):
        self.recorded = recorded

    def get_model_version_by_alias(self, name, alias):
        if self.at is None:
            error = MlflowException("secret")
            error.error_code = self.code
            raise error
        return SimpleNamespace(version=self.at)

    def get_model_version(self, name, version):
        tags = {"radimpress.model_sha256": self.recorded} if self.recorded else {}
        return SimpleNamespace(version=version, tags=tags)


@pytest.fixture
def registry(folder, monkeypatch):
    def make(uri="models:/radimpress@champion", recorded=""):
        client = Client(recorded)
        store = SimpleNamespace(client=client, uri="sqlite:///x.db")
        asked = []
        monkeypatch.setattr(
            "radimpress.cloud.fetched_models.model_folder",
            lambda store, uri: asked.append(uri) or folder,
        )
        monkeypatch.setattr(sources, "registered_facts", lambda store, version: Facts())
        return RegistrySource(uri, RUNNING, lambda: store), client, asked

    return make


def test_an_alias_is_followed_and_loaded_by_its_number(registry):
    found, client, asked = registry()
    assert found.follows
    assert found.find() == "3"
    client.at = "4"
    assert found.find() == "4"
    model = found.load("4")
    assert asked == ["models:/radimpress/4"]
    assert (model.identity.name, model.identity.version) == ("radimpress", "4")


def test_a_number_is_not_followed(registry):
    found, _, _ = registry("models:/radimpress/2")
    assert not found.follows
    assert found.find() == "2"


def test_no_champion_yet_says_what_to_do(registry):
    found, client, _ = registry()
    client.at = None
    with pytest.raises(RadimpressError) as caught:
        found.find()
    assert "models:/radimpress@champion does not exist in sqlite:///x.db" in str(caught.value)
    assert "radimpress promote" in str(caught.value)
    assert "models:/radimpress@challenger" in str(caught.value)


def test_a_registry_that_fails_is_no_missing_champion(registry):
    found, client, _ = registry()
    client.at, client.code = None, "INTERNAL_ERROR"
    with pytest.raises(MlflowException):
        found.find()


def test_bytes_that_are_not_the_registered_ones_are_refused(registry, folder, loaded):
    found, _, _ = registry(recorded="0" * 64)
    with pytest.raises(RadimpressError, match="is not what was registered") as caught:
        found.load("3")
    assert str(folder) in str(caught.value)
    assert loaded == []


def test_bytes_that_are_the_registered_ones_are_loaded(registry, folder):
    found, _, _ = registry(recorded=folder_sha256(folder))
    assert found.load("3").identity.model_sha256 == folder_sha256(folder)
