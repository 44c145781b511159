import errno
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.config.schema import Compute, Config, Device, Model, Strategy
from radimpress.modeling import checkpoints
from radimpress.modeling.history import LogRecord
from radimpress.runtime.errors import RadimpressError

HISTORY = [LogRecord(4, 1.0, 2.5, 0.1 + 0.2, 1e-3, 812.5), LogRecord(8, 2.0)]
CONFIG = Config(model=Model(name="t5_nano"))


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Config], Path]:
    """The checkpoint folder of a training in an invented repository."""
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    for name in ("splits/train.parquet", "splits/validation.parquet", "splits/test.parquet"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "foundation").mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / "foundation" / name).write_bytes(name.encode())
    return lambda config: checkpoints.training_folder(
        config, tmp_path / "foundation", tmp_path / "splits"
    )


def write(root: Path, step: int, sharded: bool = False) -> Path:
    folder = root / f"checkpoint-{step}"
    folder.mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    checkpoints.complete(folder, step, sharded, HISTORY)
    return folder


def test_the_folder_belongs_to_the_repository_and_is_the_same_for_the_same_training(
    stage: Callable[[Config], Path], tmp_path: Path
) -> None:
    folder = stage(CONFIG)
    assert folder.parent == tmp_path / "checkpoints"
    assert len(folder.name) == 32
    assert stage(CONFIG) == folder


def test_where_it_is_computed_does_not_name_the_folder(stage: Callable[[Config], Path]) -> None:
    elsewhere = Compute("gpu", Device.cuda, strategy=Strategy.fsdp, processes=8)
    assert stage(replace(CONFIG, compute=elsewhere)) == stage(CONFIG)


@pytest.mark.parametrize(
    "other",
    [
        replace(CONFIG, seed=18),
        replace(CONFIG, model=replace(CONFIG.model, retrieval=1)),
        replace(CONFIG, training=replace(CONFIG.training, learning_rate=2e-4)),
    ],
)
def test_what_decides_the_weights_names_the_folder(
    stage: Callable[[Config], Path], other: Config
) -> None:
    assert stage(other) != stage(CONFIG)


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ("splits/train.parquet", True),
        ("splits/validation.parquet", True),
        ("splits/test.parquet", False),
        ("foundation/model.safetensors", True),
        ("foundation/tokenizer.json", True),
    ],
)
def test_data_and_foundation_count_by_content(
    stage: Callable[[Config], Path], tmp_path: Path, changed: str, counts: bool
) -> None:
    before = stage(CONFIG)
    (tmp_path / changed).write_bytes(b"other")
    assert (stage(CONFIG) != before) is counts


def test_a_missing_split_is_named(stage: Callable[[Config], Path], tmp_path: Path) -> None:
    (tmp_path / "splits/validation.parquet").unlink()
    with pytest.raises(RadimpressError, match=r"validation\.parquet is missing; next: run"):
        stage(CONFIG)


def test_the_latest_complete_checkpoint_is_found_with_its_history(tmp_path: Path) -> None:
    assert checkpoints.latest(tmp_path) is None
    write(tmp_path, 4)
    last = write(tmp_path, 12, sharded=True)
    (tmp_path / "checkpoint-99").mkdir()
    assert checkpoints.latest(tmp_path) == checkpoints.Checkpoint(last, 12, True, tuple(HISTORY))


def test_a_folder_without_marker_is_deleted_and_others_stay(tmp_path: Path) -> None:
    whole = write(tmp_path, 4)
    half = tmp_path / "checkpoint-8"
    half.mkdir()
    (half / "optimizer.pt").write_bytes(b"half")
    checkpoints.discard_incomplete(tmp_path)
    assert whole.is_dir()
    assert not half.exists()


def test_a_checkpoint_of_another_format_is_no_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 4)
    monkeypatch.setattr(checkpoints, "FORMAT", checkpoints.FORMAT + 1)
    assert checkpoints.latest(tmp_path) is None


def test_keep_takes_the_marker_first_so_that_a_kill_leaves_no_false_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, 4)
    kept = write(tmp_path, 8)

    def killed(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoints.shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        checkpoints.keep(tmp_path, {8})
    found = checkpoints.latest(tmp_path)
    assert found is not None
    assert found.folder == kept
    assert not (tmp_path / "checkpoint-4" / "complete.json").exists()
    assert (tmp_path / "checkpoint-4" / "model.safetensors").exists()


def test_remove_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path / "run", 4)
    with checkpoints.locked(tmp_path / "run"):
        checkpoints.remove(tmp_path / "run")
    assert not (tmp_path / "run").exists()


LOCK = """
import sys
from pathlib import Path
from radimpress.modeling import checkpoints
from radimpress.runtime.errors import RadimpressError
try:
    with checkpoints.locked(Path(sys.argv[1])):
        print("locked")
except RadimpressError as error:
    print(error)
"""


def try_lock(folder: Path) -> str:
    """What another process gets. A fork would hang where earlier tests have started threads."""
    done = subprocess.run(
        [sys.executable, "-c", LOCK, folder], capture_output=True, text=True, check=True
    )
    return done.stdout.removesuffix("\n")


def test_a_second_process_is_turned_away_and_comes_in_when_the_first_has_gone(
    tmp_path: Path,
) -> None:
    with checkpoints.locked(tmp_path):
        answer = try_lock(tmp_path)
    assert "another process is running this very training" in answer
    assert "\n" not in answer
    assert try_lock(tmp_path) == "locked"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(RadimpressError, match="cannot be made"),
        checkpoints.locked(tmp_path / "file" / "run"),
    ):
        pass


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError(
            "[enforce fail at inline_container.cc:672] . PytorchStreamWriter failed "
            "writing file data/3: file write failed"
        ),
        ValueError("I/O error: No space left on device (os error 28)"),  # as safetensors says it
    ],
)
def test_every_kind_of_full_disk_is_recognised_and_leaves_nothing(
    tmp_path: Path, error: Exception
) -> None:
    folder = tmp_path / "checkpoint-4"
    with pytest.raises(RadimpressError, match="the disk is full"), checkpoints.writing(folder):
        folder.mkdir()
        raise error
    assert not folder.exists()


def test_another_fault_while_writing_keeps_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint-4"
    with pytest.raises(ZeroDivisionError), checkpoints.writing(folder):
        folder.mkdir()
        raise ZeroDivisionError
    assert not folder.exists()


@pytest.mark.parametrize(
    ("sharded", "strategy", "refused"),
    [
        (False, Strategy.single, False),
        (False, Strategy.ddp, False),
        (True, Strategy.fsdp, False),
        (False, Strategy.fsdp, True),
        (True, Strategy.ddp, True),
    ],
)
def test_shards_go_on_as_shards_only(
    tmp_path: Path, sharded: bool, strategy: Strategy, refused: bool
) -> None:
    write(tmp_path, 4, sharded)
    found = checkpoints.latest(tmp_path)
    assert found is not None
    if not refused:
        checkpoints.refuse_other_layout(found, strategy)
        return
    with pytest.raises(RadimpressError, match="go on with the strategy it began with"):
        checkpoints.refuse_other_layout(found, strategy)


def test_a_copy_that_lacks_a_file_or_has_a_part_of_one_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, 4)
    folder = write(tmp_path, 8)
    (folder / "model.safetensors").write_bytes(b"weig")
    found = checkpoints.latest(tmp_path)
    assert found is not None
    assert found.step == 4
    (folder / "model.safetensors").unlink()
    assert checkpoints.latest(tmp_path) == found


def test_what_other_machines_have_written_must_be_there_too(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoint-4"
    folder.mkdir()
    checkpoints.complete(folder, 4, True, HISTORY, {"shard-1": 3})
    assert checkpoints.latest(tmp_path) is None
    (folder / "shard-1").write_bytes(b"abc")
    assert checkpoints.latest(tmp_path) is not None
