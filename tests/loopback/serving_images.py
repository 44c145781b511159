"""Which process stands for which image of an endpoint."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from loopback import images

TOOLKIT = Path(__file__).with_name("huggingface_toolkit.py")
TOY = Path(__file__).with_name("toy_container.py")
MODEL = "/opt/ml/model"
PORT = "{port}"

HUGGING_FACE = ("python", str(TOOLKIT), MODEL, PORT)
OWN = f"/{images.OWN}"


class ServingImages(dict[str, Sequence[str]]):
    """Commands by the repository of an image, with `{port}` where AWS says 8080.

    Tests add their own: `loop.hosting.images["mine"] = (sys.executable, "mine.py", "{port}")`.
    AWS's Hugging Face images are known by their names; every other image is taken for the
    Dockerfile's, whatever it is called, and started by its entry point.
    """

    def __init__(self) -> None:
        super().__init__(toy=(sys.executable, str(TOY), MODEL, PORT))

    def command(self, image: str, port: int) -> tuple[str, ...]:
        """The command for an image's URI."""
        name = _repository(image)
        if name in self or "huggingface" in name:
            words = self.get(name, HUGGING_FACE)
        else:
            words = (*(images.entrypoint(OWN) or ()), "serve")
        return tuple(word.replace(PORT, str(port)) for word in words)

    def environment(self, image: str, shelf: Path, folder: Path) -> Mapping[str, str]:
        """The variables of a container beside its model's own."""
        name = _repository(image)
        if name in self:
            kept = {name: os.environ[name] for name in images.INHERITED if name in os.environ}
            return kept | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        return images.environment(image if "huggingface" in name else OWN, shelf, folder)


def _repository(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[-1].partition(":")[0]
