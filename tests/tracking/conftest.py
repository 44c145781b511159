"""A local MLflow store, made once: its migrations take seconds."""

from dataclasses import replace

import pytest

from radimpress.config.load import compose
from radimpress.tracking.names import EXPERIMENT_NOTE


@pytest.fixture(scope="session")
def store_root(tmp_path_factory):
    return tmp_path_factory.mktemp("repository")


@pytest.fixture
def config(root, monkeypatch, store_root, request):
    monkeypatch.setenv("DVC_ROOT", str(store_root))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(root)
    config = compose()
    tracking = replace(config.tracking, experiment=request.node.name, registered_model="m")
    return replace(config, tracking=tracking)


@pytest.fixture
def store(config):
    from radimpress.tracking.store import open_store

    return open_store(config.tracking)


@pytest.fixture
def experiment(store, config):
    return store.experiment(config.tracking.experiment, EXPERIMENT_NOTE)
