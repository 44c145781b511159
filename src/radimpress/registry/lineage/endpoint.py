"""What a running `radimpress serve` says that it serves."""

import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from radimpress.runtime.errors import next_step

SECONDS = 10
BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Served:
    """The registered version behind an endpoint, by the endpoint's own word."""

    url: str
    name: str
    version: str
    model_sha256: str


def served_by(url: str, token_variable: str) -> Served:
    """Ask `<url>/model`. Raises RadimpressError where it does not answer as our server does."""
    base = url.rstrip("/")
    request = urllib.request.Request(f"{base}/model")  # noqa: S310  # http or https: is_endpoint
    if token := os.environ.get(token_variable):
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  # as above
            said: Any = json.loads(answer.read(BYTES))
    except urllib.error.HTTPError as error:
        step = f"set {token_variable}" if error.code in (401, 403) else "check the address"
        raise next_step(f"{base}/model answers {error.code}", step) from error
    except (OSError, ValueError) as error:
        raise next_step(
            f"{base} does not answer as a model server ({type(error).__name__})",
            "start one with `radimpress serve`, or name a version",
        ) from error
    if not isinstance(said, dict) or not said.get("name") or not said.get("version"):
        raise next_step(
            f"{base} serves a folder, not a registered version",
            "serve one: radimpress serve --model models:/NAME@champion",
        )
    digest = str(said.get("model_sha256") or "")
    return Served(base, str(said["name"]), str(said["version"]), digest)
