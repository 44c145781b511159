"""Rules of conf/serving: limits that limit, and an address that is meant."""

from collections.abc import Iterator

from radimpress.config.problem import Problem
from radimpress.config.serving import Serving

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serving_rules(serving: Serving) -> Iterator[Problem]:
    """What is wrong with the server's settings."""
    least: list[tuple[str, float, float]] = [
        ("threads", serving.threads, 1),
        ("max_batch", serving.max_batch, 1),
        ("max_wait_ms", serving.max_wait_ms, 0),
        ("max_queue", serving.max_queue, serving.max_reports),
        ("timeout_s", serving.timeout_s, 0.1),
        ("max_body_bytes", serving.max_body_bytes, 1000),
        ("max_findings_words", serving.max_findings_words, 1),
        ("max_reports", serving.max_reports, 1),
        ("max_new_tokens", serving.max_new_tokens, 1),
        ("max_beams", serving.max_beams, 1),
        ("drain_s", serving.drain_s, 0),
        ("reload_s", serving.reload_s, 0),
    ]
    for name, value, smallest in least:
        if value < smallest:
            yield Problem(f"serving.{name}", f"is {value:g}, expected at least {smallest:g}")
    if not 0 <= serving.port <= 65535:
        yield Problem("serving.port", f"is {serving.port}, expected 0 to 65535 (0: any free one)")
