"""Tells Hydra and OmegaConf what our YAML files may use."""

import hashlib
from functools import cache
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from radimpress.config.schema import Config

CONF = Path("conf")


def register(folder: Path = CONF) -> None:
    """Register `base_schema` and the `conf_digest` resolver over `folder`; may be called again."""
    _store_schema()
    resolve_digest_of(folder)


@cache
def _store_schema() -> None:
    from hydra.core.config_store import ConfigStore  # not for those who only read params.yaml

    ConfigStore.instance().store(name="base_schema", node=Config)


def resolve_digest_of(folder: Path = CONF) -> None:
    """Let `conf_digest` in a configuration stand for that of `folder`."""
    OmegaConf.register_new_resolver("conf_digest", lambda: conf_digest(folder), replace=True)


@cache
def schema() -> DictConfig:
    """The schema as OmegaConf has it, to merge into copies of: it takes a while to make."""
    made: DictConfig = OmegaConf.structured(Config)
    return made


def conf_digest(folder: Path) -> str:
    """The sha256 over the names and bytes of every YAML file below `folder`, sorted by name."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml"), key=lambda p: p.relative_to(folder).as_posix()):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
