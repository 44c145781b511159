from dataclasses import replace

import pytest

from radimpress.config.serving import Serving
from radimpress.config.serving_rules import serving_rules


def problems(**changes):
    return [problem.field for problem in serving_rules(replace(Serving(), **changes))]


def test_the_defaults_break_no_rule():
    assert problems() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("threads", 0),
        ("max_batch", 0),
        ("max_wait_ms", -1.0),
        ("timeout_s", 0.0),
        ("max_body_bytes", 10),
        ("max_findings_words", 0),
        ("max_new_tokens", 0),
        ("max_beams", 0),
        ("drain_s", -1.0),
        ("reload_s", -1.0),
        ("port", -1),
        ("port", 65536),
    ],
)
def test_a_limit_that_limits_everything_is_refused(name, value):
    assert problems(**{name: value}) == [f"serving.{name}"]


def test_the_queue_holds_at_least_one_whole_request():
    assert problems(max_queue=100, max_reports=128) == ["serving.max_queue"]
    assert problems(max_queue=128, max_reports=128) == []


def test_port_0_is_any_free_one():
    assert problems(port=0) == []
