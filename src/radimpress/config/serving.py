"""conf/serving: how a model answers over HTTP."""

from dataclasses import dataclass
from enum import Enum


class Engine(Enum):
    """What runs the model."""

    auto = (
        "auto"  # ctranslate2 on a CPU, transformers on a GPU or where the model has no conversion
    )
    transformers = "transformers"
    ctranslate2 = "ctranslate2"


@dataclass
class Serving:
    """The HTTP server: batching, limits, and what it watches."""

    model: str = "models:/radimpress@champion"
    host: str = "127.0.0.1"  # another host is another person's reach: say it on purpose
    port: int = 8080
    engine: Engine = Engine.auto
    threads: int = 2  # CPU threads that generate
    max_batch: int = 32  # reports generated at once
    max_wait_ms: float = 2.0  # how long a lone request waits for company
    max_queue: int = 256  # reports that may wait; above: 429 with Retry-After
    timeout_s: float = 30.0  # from acceptance to answer; above: 504
    max_body_bytes: int = 1_000_000  # above: 413
    max_findings_words: int = 2000
    max_reports: int = 128  # in one request
    max_new_tokens: int = 256  # the most a request may ask for
    max_beams: int = 4  # the most a request may ask for
    drain_s: float = 30.0  # after SIGTERM, for requests that were accepted
    reload_s: float = 5.0  # between looks at the alias; 0 never looks
    token_variable: str = "RADIMPRESS_TOKEN"  # noqa: S105  # where it is set, requests must carry it
