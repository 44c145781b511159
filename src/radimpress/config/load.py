"""The one loader: params.yaml, or a composition of conf/ with overrides, into a checked Config."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from radimpress.config.register import CONF, register, resolve_digest_of, schema
from radimpress.config.rules import refuse_bad
from radimpress.config.schema import Config
from radimpress.runtime.errors import RadimpressError, next_step

PARAMS = Path("params.yaml")


def from_params(path: Path = PARAMS) -> Config:
    """Read the committed composition. Raises RadimpressError for a missing or bad file."""
    if not path.is_file():
        raise next_step(f"{path} is missing", "run `make params` in the repository root")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise next_step(f"{path} is no YAML: {_first_line(error)}", "run `make params`") from error
    if not isinstance(raw, dict):
        raise next_step(f"{path} holds no mapping", "run `make params`")
    resolve_digest_of()  # a file without conf_digest takes the schema's, which asks for it
    return typed(raw, str(path))


def compose(overrides: Sequence[str] = (), folder: Path = CONF) -> Config:
    """Compose `folder` with Hydra overrides ("model=flan_t5_base", "training.epochs=1")."""
    return typed(composition(overrides, folder), f"{folder}/ with {list(overrides)}")


def composition(overrides: Sequence[str] = (), folder: Path = CONF) -> DictConfig:
    """The untyped composition, before the cross-field rules; what `params.yaml` holds."""
    if not (folder / "config.yaml").is_file():
        raise next_step(f"{folder}/config.yaml is missing", "run from the repository root")
    # Most programs read params.yaml alone: they need not wait for Hydra.
    from hydra import compose as hydra_compose
    from hydra import initialize_config_dir
    from hydra.errors import HydraException

    register(folder)
    try:
        with initialize_config_dir(str(folder.resolve()), version_base="1.3"):
            config = hydra_compose("config", overrides=list(overrides))
        OmegaConf.resolve(config)
    except (HydraException, OmegaConfBaseException) as error:
        raise next_step(f"the configuration does not compose: {_reason(error)}", _HELP) from error
    return config


def typed(raw: dict[str, Any] | DictConfig, origin: str) -> Config:
    """Fit `raw` to the schema and run the cross-field rules."""
    try:
        merged = OmegaConf.merge(schema(), raw)
        config = cast(Config, OmegaConf.to_object(merged))
    except OmegaConfBaseException as error:
        raise next_step(f"{origin} does not fit the schema: {_reason(error)}", _HELP) from error
    refuse_bad(config)
    return config


_HELP = "compare with conf/ and docs/configuration.md"


def _reason(error: Exception) -> str:
    """The innermost message that names its key, without OmegaConf's trailing lines.

    Under a debugger or a coverage tracer OmegaConf chains its raw errors behind the formatted ones,
    in a circle at times.
    """
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__
    keyed = [link for link in chain if getattr(link, "full_key", None)]
    cause = (keyed or chain)[-1]
    full_key = getattr(cause, "full_key", None)
    text = _first_line(cause)
    return f"{full_key}: {text}" if full_key and full_key not in text else text


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


__all__ = ["PARAMS", "RadimpressError", "compose", "composition", "from_params", "typed"]
