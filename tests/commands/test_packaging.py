import json
import tarfile
from pathlib import Path

import pytest

from radimpress.commands.packaging import package
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.models import log_model


def lineage_of(archive: Path) -> dict[str, str]:
    with tarfile.open(archive, "r:gz") as tar:
        member = tar.extractfile("lineage.json")
        assert member is not None
        return json.loads(member.read())


def test_a_folder_becomes_an_archive_whose_sha256_is_printed(
    model_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "model.tar.gz"
    package(archive, str(model_folder))
    assert capsys.readouterr().out.strip().endswith(f"sha256 {file_sha256(archive)}")
    assert lineage_of(archive) == {"radimpress.model_sha256": folder_sha256(model_folder)}


def test_a_registered_model_takes_its_lineage_along(
    model_folder, tmp_path, config, store, experiment, monkeypatch
):
    monkeypatch.setattr("radimpress.config.load.from_params", lambda: config)
    name = config.tracking.registered_model
    run = store.client.create_run(experiment).info.run_id
    uri = log_model(store, experiment, run, model_folder, config.tracking.model)
    store.client.create_registered_model(name)
    tags = {"radimpress.git_commit": "c" * 40, "mlflow.source.git.commit": "c" * 40}
    store.client.create_model_version(name, uri, run_id=run, tags=tags, await_creation_for=0)
    package(tmp_path / "model.tar.gz", f"models:/{name}/1")
    lineage = lineage_of(tmp_path / "model.tar.gz")
    assert lineage == {
        "radimpress.access": "private",
        "radimpress.git_commit": "c" * 40,
        "radimpress.model_sha256": folder_sha256(model_folder),
        "radimpress.registered_model": name,
        "radimpress.run_id": run,
        "radimpress.version": "1",
    }
    with pytest.raises(RadimpressError, match="has no alias 'champion'"):
        package(tmp_path / "other.tar.gz", f"models:/{name}@champion")
