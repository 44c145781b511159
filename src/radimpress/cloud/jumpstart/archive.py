"""JumpStart's model.tar.gz to a model folder of ours, without running anything that is in it."""

import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from radimpress.modeling.layout import TOKENIZER, TOKENIZER_CONFIG
from radimpress.modeling.recipe import Recipe
from radimpress.runtime.errors import next_step

MOST_BYTES = 200 << 30  # what an archive may unpack to; FLAN-T5 XXL in fp32 is 45 GB
PICKLE = "pytorch_model.bin"


def take_model(archive: Path, out: Path, foundation: Path, recipe: Recipe) -> None:
    """Write the model folder `out` from JumpStart's archive.

    Weights come from safetensors; a pytorch_model.bin is read by torch's `weights_only` loader,
    which builds tensors and nothing else, and is written anew. A missing tokenizer.json is taken
    from `foundation`: JumpStart does not change it.
    """
    from radimpress.modeling.folder import load_checkpoint, save_model
    from radimpress.modeling.layout import check_layout

    with TemporaryDirectory(dir=out.parent, prefix=".jumpstart-") as beside:
        folder = unpack(archive, Path(beside))
        _rewrite_pickle(folder)
        for name in (TOKENIZER, TOKENIZER_CONFIG):
            if not (folder / name).is_file() and (foundation / name).is_file():
                (folder / name).write_bytes((foundation / name).read_bytes())
        check_layout(folder)
        model, tokenizer = load_checkpoint(folder)
        save_model(out, model, tokenizer, recipe)


def unpack(archive: Path, into: Path) -> Path:
    """Unpack plain files and folders below `into`, and nothing else; the folder of config.json.

    Raises RadimpressError for links, devices, names that lead outside, and too much of anything.
    """
    total = 0
    try:
        with tarfile.open(archive) as packed:
            for entry in packed:
                if not (entry.isfile() or entry.isdir()):
                    raise tarfile.TarError(f"{entry.name!r} is neither file nor folder")
                total += entry.size
                if total > MOST_BYTES:
                    raise tarfile.TarError(f"it unpacks to more than {MOST_BYTES >> 30} GiB")
                packed.extract(entry, into, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise next_step(
            f"{archive.name} of the job is refused: {error}", "look at the job's output in S3"
        ) from error
    found = sorted(into.rglob("config.json"), key=lambda path: len(path.parts))
    if not found:
        raise next_step(
            f"{archive.name} of the job holds no config.json",
            "look at the job's output in S3: is it a Hugging Face model?",
        )
    return found[0].parent


def _rewrite_pickle(folder: Path) -> None:
    """Write a pytorch_model.bin as safetensors, and delete it."""
    pickled = folder / PICKLE
    if not pickled.is_file() or any(folder.glob("*.safetensors")):
        pickled.unlink(missing_ok=True)
        return
    import torch
    from safetensors.torch import save_file

    try:
        weights = torch.load(pickled, map_location="cpu", weights_only=True)
        tensors = {name: tensor.clone().contiguous() for name, tensor in weights.items()}
    except Exception as error:  # pickle's many; the message may quote the file
        raise next_step(
            f"{PICKLE} of the job is refused: it holds more than weights ({type(error).__name__})",
            "train with compute=sagemaker_* instead, which writes safetensors",
        ) from error
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    pickled.unlink()
