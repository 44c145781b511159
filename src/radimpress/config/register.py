"""Tells Hydra and OmegaConf what our YAML files may use."""

import hashlib
from pathlib import Path

from hydra.core.config_store import ConfigStore
from omegaconf import OmegaConf

from radimpress.config.schema import Config

CONF = Path("conf")


def register(folder: Path = CONF) -> None:
    """Register `base_schema` and the `conf_digest` resolver over `folder`; may be called again."""
    ConfigStore.instance().store(name="base_schema", node=Config)
    OmegaConf.register_new_resolver("conf_digest", lambda: conf_digest(folder), replace=True)


def conf_digest(folder: Path) -> str:
    """The sha256 over the names and bytes of every YAML file below `folder`, sorted by name."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml"), key=lambda p: p.relative_to(folder).as_posix()):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
