"""params.yaml: written from conf/ with DVC's own composition, and checked against it."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from radimpress.config.load import PARAMS, compose, from_params
from radimpress.config.register import CONF, conf_digest
from radimpress.runtime.atomic import write_text
from radimpress.runtime.errors import next_step

GUARD = "params.yaml was composed from this conf/\n"


def composed_text(overrides: Sequence[str] = (), folder: Path = CONF) -> str:
    """The bytes that `dvc exp run -S` would write to params.yaml, after every rule has passed."""
    from dvc.utils.hydra import compose_and_dump

    compose(overrides, folder)  # says what is wrong in our words
    with TemporaryDirectory() as scratch:
        target = Path(scratch) / "params.yaml"
        plugins = str(Path(__file__).resolve().parents[2])
        compose_and_dump(target, str(folder.resolve()), None, "config", plugins, list(overrides))
        return target.read_text(encoding="utf-8")


def write_params(overrides: Sequence[str] = (), path: Path = PARAMS, folder: Path = CONF) -> bool:
    """Compose `folder` into `path`; returns whether that changed the file."""
    text = composed_text(overrides, folder)
    changed = not path.is_file() or path.read_text(encoding="utf-8") != text
    if changed:
        write_text(path, text)
    return changed


def differences(path: Path = PARAMS, folder: Path = CONF) -> list[str]:
    """Unified diff lines from `path` to the plain composition of `folder`; empty when equal."""
    have = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    want = composed_text((), folder).splitlines()
    return list(difflib.unified_diff(have, want, str(path), f"{folder}/", lineterm="", n=1))


def refuse_stale(path: Path = PARAMS, folder: Path = CONF) -> None:
    """Raise RadimpressError when `folder` was edited after `path` was composed.

    `dvc repro` never composes; without this check it would call an edited conf/ up to date.
    Overrides given with `-S` are no staleness: only the digest over conf/ is compared.
    """
    if from_params(path).conf_digest != conf_digest(folder):
        raise next_step(
            f"{path} is stale: {folder}/ was edited after it was composed",
            "run `make params`, then `dvc repro` again (`dvc exp run` composes by itself)",
        )
