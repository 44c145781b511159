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

# What the Dockerfile's entry point runs, but for the address: nothing outside can reach it here.
OWN = ("radimpress", "serve", "--model", MODEL, "--host", "127.0.0.1", "--port", PORT)
HUGGING_FACE = ("python", str(TOOLKIT), MODEL, PORT)


class ServingImages(dict[str, Sequence[str]]):
    """Commands by the repository of an image, with `{port}` where AWS says 8080.

    Tests add their own: `loop.hosting.images["mine"] = (sys.executable, "mine.py", "{port}")`.
    """

    def __init__(self) -> None:
        super().__init__(toy=(sys.executable, str(TOY), MODEL, PORT))

    def command(self, image: str, port: int) -> tuple[str, ...]:
        """The command for an image's URI. AWS's own Hugging Face images are known by name."""
        name = _repository(image)
        words = self.get(name, HUGGING_FACE if "huggingface" in name else OWN)
        return tuple(word.replace(PORT, str(port)) for word in words)

    def environment(self, image: str, shelf: Path, folder: Path) -> Mapping[str, str]:
        """The variables of a container before its model's own are added."""
        if _repository(image) in self:
            kept = {name: os.environ[name] for name in images.INHERITED if name in os.environ}
            return kept | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
        return images.environment(image, shelf, folder)


def _repository(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[-1].partition(":")[0]
