"""What container images hold: Python, this environment's packages, and what they start.

A training image of AWS has torch and transformers but not radimpress: its Python here sees the
packages of this environment without radimpress, and `pip install` puts a wheel into a place that
belongs to the one container. The project's own image has radimpress.
"""

import os
import site
import sys
import threading
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

OWN = "radimpress"
HIDDEN = ("radimpress", "hydra_plugins", "_radimpress", "__editable__")
SHIM = """#!/bin/sh
exec "$(dirname "$0")/python" "{bin}/$(basename "$0")" "$@"
"""
_SHELVING = threading.Lock()
INHERITED = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "TOKENIZERS_PARALLELISM", "HF_HUB_OFFLINE")


@dataclass(frozen=True)
class Image:
    """An image, by a part of its name, and its ENTRYPOINT. A training job adds the word train."""

    part: str
    entrypoint: tuple[str, ...]


TOOLKIT = ("python", str(Path(__file__).with_name("training_toolkit.py")))
IMAGES: list[Image] = [
    Image(f"/{OWN}", ("python", "-m", "radimpress.serving.container")),  # the Dockerfile's
    Image("pytorch-training", TOOLKIT),  # huggingface-pytorch-training, too
]


def entrypoint(image: str) -> tuple[str, ...] | None:
    """The ENTRYPOINT of an image; None where the loopback does not know it."""
    return next((known.entrypoint for known in IMAGES if known.part in image), None)


def environment(image: str, shelf: Path, folder: Path) -> dict[str, str]:
    """The variables of a container of `image`: its Python first on the path, and a home.

    `shelf` keeps what all containers share, `folder` is the container's own.
    """
    own = f"/{OWN}" in image
    bin_folder = Path(sys.prefix) / "bin" if own else _python(shelf, folder)
    system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return _inherited(os.environ) | {
        "PATH": f"{bin_folder}:{system}",
        "HOME": str(folder / "home"),
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }


def _inherited(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in INHERITED if name in environ}


def _python(shelf: Path, folder: Path) -> Path:
    """A virtual environment of the container over the shelf's packages; its bin folder."""
    packages = _packages(shelf)
    place = folder / "python"
    venv.EnvBuilder(symlinks=True, with_pip=False).create(place)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (place / "lib" / version / "site-packages" / "image.pth").write_text(f"{packages}\n")
    shim = place / "bin" / ".shim"
    shim.write_text(SHIM.format(bin=Path(sys.prefix) / "bin"))
    shim.chmod(0o755)
    for script in sorted((Path(sys.prefix) / "bin").iterdir()):
        link = place / "bin" / script.name
        if not link.exists() and OWN not in script.name and _is_python(script):
            link.symlink_to(".shim")
    return place / "bin"


def _is_python(script: Path) -> bool:
    if script.is_symlink() or not script.is_file():
        return False
    with script.open("rb") as file:
        start = file.read(300)
    return start.startswith(b"#!") and b"python" in start.split(b"import")[0]


def _packages(shelf: Path) -> Path:
    """A folder of links to this environment's packages, without radimpress."""
    folder = shelf / "site-packages"
    with _SHELVING:
        if folder.is_dir():
            return folder
        making = shelf / "site-packages.making"
        making.mkdir(parents=True)
        for package in sorted(Path(site.getsitepackages()[0]).iterdir()):
            if not package.name.startswith(HIDDEN) and package.suffix != ".pth":
                (making / package.name).symlink_to(package)
        making.rename(folder)
    return folder
