"""What a finished job made, brought into the working directory: as files, or by reference."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from radimpress.cloud.jobs.declaration import declaration
from radimpress.cloud.session import Session
from radimpress.cloud.storage import get_files, manifest
from radimpress.config.job import ModelReturn
from radimpress.modeling.reference import Reference, write_reference
from radimpress.runtime.errors import next_step

WEIGHTS = (".safetensors", ".bin", ".pt")
MODELS = Path("models")


def bring_back(session: Session, model_uri: str, stage: str, returns: ModelReturn) -> None:
    """Write every out of `stage` from the job's output at `model_uri`; each is checked by sha256.

    By reference a model's weights stay where they are, with their address in the folder.
    """
    digests = manifest(session, model_uri)
    for out in map(Path, declaration(stage).outs):
        files = {
            name.removeprefix(f"{out.as_posix()}/"): digest
            for name, digest in digests.items()
            if name.startswith(f"{out.as_posix()}/")
        }
        if not files:
            raise next_step(f"the job wrote no {out} (see {model_uri})", "look at the job's log")
        uri = f"{model_uri}{out.as_posix()}/"
        if returns is ModelReturn.reference and out.parent == MODELS:
            _refer(session, uri, files, out)
        else:
            get_files(session, uri, files, out)


def _refer(session: Session, uri: str, files: dict[str, str], out: Path) -> None:
    """Everything but the weights, and where those are."""
    small = {name: digest for name, digest in files.items() if not name.endswith(WEIGHTS)}
    with TemporaryDirectory(dir=out.parent, prefix=".reference-") as beside:
        whole = Path(beside) / out.name
        get_files(session, uri, small, whole)
        write_reference(whole, Reference(uri, files))
        shutil.rmtree(out, ignore_errors=True)
        whole.replace(out)
