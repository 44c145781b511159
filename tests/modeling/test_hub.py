import errno
import hashlib
import json
from pathlib import Path

import pytest
from huggingface_hub.errors import (
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from radimpress.config.schema import Model
from radimpress.modeling import hub
from radimpress.modeling.hub import copy_checkpoint
from radimpress.runtime.errors import RadimpressError

SHA = "7bcac572ce56db69c1ea7c8af255c5d7c9672fc2"
FLAN = Model(name="flan_t5_base", hub_id="google/flan-t5-base", revision=SHA)


def local(path: Path) -> Model:
    return Model(name="flan_t5_base", path=str(path))


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_local_checkpoint_is_copied_byte_for_byte(tmp_path: Path, flan_checkpoint: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert copy_checkpoint(local(flan_checkpoint), out) == "flan_t5_base (local copy)"
    for name in ("model.safetensors", "tokenizer.json"):
        assert digest(out / name) == digest(flan_checkpoint / name)
        assert (out / name).stat().st_ino != (flan_checkpoint / name).stat().st_ino
    assert json.loads((out / "config.json").read_text())["tie_word_embeddings"] is False


def test_pickles_code_and_strangers_are_left_behind(tmp_path: Path, flan_checkpoint: Path) -> None:
    for name in ("pytorch_model.bin", "modeling_x.py", "flax_model.msgpack", "notes.txt"):
        (flan_checkpoint / name).write_text("x")
    out = tmp_path / "out"
    out.mkdir()
    copy_checkpoint(local(flan_checkpoint), out)
    assert {path.suffix for path in out.iterdir()} == {".json", ".safetensors"}


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match="absent is missing"):
        copy_checkpoint(local(tmp_path / "absent"), tmp_path)


def test_only_safetensors_json_and_the_pinned_revision_are_asked_for(
    tmp_path: Path, flan_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}

    def download(**arguments: object) -> str:
        asked.update(arguments)
        return str(flan_checkpoint)

    monkeypatch.setattr(hub, "snapshot_download", download)
    out = tmp_path / "out"
    out.mkdir()
    assert copy_checkpoint(FLAN, out) == f"google/flan-t5-base@{SHA}"
    assert (asked["repo_id"], asked["revision"]) == ("google/flan-t5-base", SHA)
    assert all(str(p).endswith((".json", ".safetensors")) for p in asked["allow_patterns"])


@pytest.mark.parametrize("error", [LocalEntryNotFoundError("no"), OfflineModeIsEnabled("no")])
def test_without_network_the_message_has_the_download_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fails(monkeypatch, error)
    with pytest.raises(RadimpressError, match="cannot be fetched here") as caught:
        copy_checkpoint(FLAN, tmp_path)
    message = str(caught.value)
    assert f"hf download google/flan-t5-base --revision {SHA}" in message
    assert "model.path=DIR" in message
    assert "\n" not in message


def test_an_unknown_revision_is_told_apart_from_a_missing_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, RepositoryNotFoundError.__new__(RepositoryNotFoundError))
    with pytest.raises(RadimpressError, match=f"hub has no google/flan-t5-base at revision {SHA}"):
        copy_checkpoint(FLAN, tmp_path)


def test_a_full_disk_is_not_called_a_missing_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OSError, match="No space left"):
        copy_checkpoint(FLAN, tmp_path)


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def download(**_: object) -> str:
        raise error

    monkeypatch.setattr(hub, "snapshot_download", download)
