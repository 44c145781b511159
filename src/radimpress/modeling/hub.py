"""FLAN-T5 and other T5 checkpoints: a pinned revision of the hub, or a local folder."""

import errno
import shutil
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import logging

from radimpress.config.schema import Model
from radimpress.modeling.layout import (
    CONFIG,
    INDEX,
    TOKENIZER,
    TOKENIZER_CONFIG,
    check_layout,
    mend_checkpoint,
    weight_files,
)
from radimpress.runtime.errors import next_step

SMALL_FILES = (CONFIG, "generation_config.json", TOKENIZER, TOKENIZER_CONFIG, INDEX)
OPTIONAL = ("special_tokens_map.json",)
WEIGHTS = "*.safetensors"


def copy_checkpoint(model: Model, out: Path) -> str:
    """Copy the checkpoint that `model` names into the existing folder `out`; returns its base name.

    Files are copied, neither loaded nor linked: XL is 11 GB, and DVC makes its outputs read-only,
    which must not reach into a user's own folder or the hub's cache. Raises RadimpressError for a
    checkpoint that is not there, cannot be fetched or is no T5 with safetensors and tokenizer.json.
    """
    source = Path(model.path) if model.path else _download(model)
    check_layout(source)
    for name in (*SMALL_FILES, *OPTIONAL, *weight_files(source)):
        if (source / name).is_file():
            shutil.copyfile(source / name, out / name)
    mend_checkpoint(out)
    if model.path:
        return f"{model.name} (local copy)"
    return f"{model.hub_id}@{model.revision}"


def _download(model: Model) -> Path:
    """The cached snapshot, downloaded where it is not yet; never pickle, never code."""
    print(f"fetching {model.hub_id}@{model.revision}", flush=True)
    logging.set_verbosity_error()  # it would tell of every retry; the last word is ours
    try:
        folder = snapshot_download(
            repo_id=str(model.hub_id),
            revision=model.revision,
            allow_patterns=[*SMALL_FILES, *OPTIONAL, WEIGHTS],
        )
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        raise next_step(
            f"the hub has no {model.hub_id} at revision {model.revision}",
            "correct model.hub_id and model.revision, or name a local copy with model.path",
        ) from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise next_step(
            f"{model.hub_id} cannot be fetched here ({type(error).__name__}) and is not cached",
            f"where there is network run `hf download {model.hub_id} --revision {model.revision} "
            '--include "*.json" --include "*.safetensors" --local-dir DIR`, bring DIR here and set '
            "model.path=DIR",
        ) from error
    return Path(folder)
