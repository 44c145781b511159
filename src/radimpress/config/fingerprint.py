"""One sha256 of a canonical configuration: names checkpoints, tags runs, stands in model cards."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from enum import Enum
from typing import Any

from radimpress.config.schema import Config

NO_RESULT = ("cloud", "compute", "deployment", "promotion", "serving", "tracking", "conf_digest")
"""Sections that say where a result is computed, judged, served or kept, and do not decide it."""


def fingerprint(*parts: Any) -> str:
    """The sha256, as 64 hex digits, of `parts` (dataclasses, dicts, lists, scalars) in order.

    Canonical: keys sorted, enums by value, floats by repr, so the order of fields and the way a
    value was written in YAML do not matter; a changed value always does.
    """
    text = json.dumps([_plain(p) for p in parts], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def result_fingerprint(config: Config) -> str:
    """The fingerprint of what decides a result, without the sections `NO_RESULT`."""
    return mapping_fingerprint(asdict(config))


def mapping_fingerprint(sections: Mapping[str, Any]) -> str:
    """As `result_fingerprint`, of a configuration as it stands in params.yaml."""
    return fingerprint({k: v for k, v in sections.items() if k not in NO_RESULT})


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")
