import json
import tarfile
from pathlib import Path

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from radimpress.commands.packaging import package
from radimpress.config.schema import ListNumbers
from radimpress.modeling.folder import save_model
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe, TextCleaning
from radimpress.modeling.tokenizer import train_tokenizer
from radimpress.runtime.digests import file_sha256, folder_sha256
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.models import log_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tokenizer = train_tokenizer(["The lungs are clear."] * 9, 300)
    torch.manual_seed(0)
    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    model = T5ForConditionalGeneration(
        T5Config(**sizes, vocab_size=len(tokenizer), decoder_start_token_id=0)
    )
    recipe = Recipe(
        "t5_nano", "nothing", Prompt("{findings}", 64, 32), TextCleaning(ListNumbers.strip, "___"),
        Decoding(8), "f" * 64,
    )  # fmt: skip
    save_model(tmp_path / "finetuned", model, tokenizer, recipe)
    return tmp_path / "finetuned"


def lineage_of(archive: Path) -> dict[str, str]:
    with tarfile.open(archive, "r:gz") as tar:
        member = tar.extractfile("lineage.json")
        assert member is not None
        return json.loads(member.read())


def test_a_folder_becomes_an_archive_whose_sha256_is_printed(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "model.tar.gz"
    package(archive, str(folder))
    assert capsys.readouterr().out.strip().endswith(f"sha256 {file_sha256(archive)}")
    assert lineage_of(archive) == {"radimpress.model_sha256": folder_sha256(folder)}


def test_a_registered_model_takes_its_lineage_along(
    folder, tmp_path, config, store, experiment, monkeypatch
):
    monkeypatch.setattr("radimpress.config.load.from_params", lambda: config)
    name = config.tracking.registered_model
    run = store.client.create_run(experiment).info.run_id
    uri = log_model(store, experiment, run, folder, config.tracking.model)
    store.client.create_registered_model(name)
    tags = {"radimpress.git_commit": "c" * 40, "mlflow.source.git.commit": "c" * 40}
    store.client.create_model_version(name, uri, run_id=run, tags=tags, await_creation_for=0)
    package(tmp_path / "model.tar.gz", f"models:/{name}/1")
    lineage = lineage_of(tmp_path / "model.tar.gz")
    assert lineage == {
        "radimpress.access": "private",
        "radimpress.git_commit": "c" * 40,
        "radimpress.model_sha256": folder_sha256(folder),
        "radimpress.registered_model": name,
        "radimpress.run_id": run,
        "radimpress.version": "1",
    }
    with pytest.raises(RadimpressError, match="has no alias 'champion'"):
        package(tmp_path / "other.tar.gz", f"models:/{name}@champion")
