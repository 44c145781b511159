import ast
import json
import time

import pytest

from radimpress.cloud.endpoints.logs import ROUTINE, TROUBLE, last_lines, showable

CANARY = "Moderate left pleural effusion in Mr. Miller"
ENDED = "error: no model; next: pack it"
GROUP = "/aws/sagemaker/Endpoints/radimpress"


def event(name, **fields):
    return json.dumps({"time": "2026-01-02T03:04:05.678+00:00", "event": name, **fields})


ACCESS = {"route": "/invocations", "status": 200, "ms": 1.5, "request_id": "a"}


def test_only_what_our_own_programs_say_is_shown_of_a_private_corpus():
    lines = [
        event("generation_failed", error="RuntimeError", text=CANARY),
        event("fault", error="KeyError", where="service.py:12"),
        f"Traceback: ValueError: {CANARY}",
        json.dumps({"message": CANARY}),
        json.dumps([CANARY]),
        json.dumps({"time": "2026-01-02T03:04:05.678+00:00", **ACCESS}),
        "error: /opt/ml/model has no config.json; next: pack it again",
        "",
    ]
    shown = showable(lines, public=False)
    assert shown == [
        "event=generation_failed error=RuntimeError",
        "event=fault error=KeyError where=service.py:12",
        "error: /opt/ml/model has no config.json; next: pack it again",
        "(3 lines withheld: they may quote a report)",
    ]
    assert CANARY not in " ".join(shown)
    assert f"Traceback: ValueError: {CANARY}" in showable(lines, public=True)


@pytest.mark.parametrize(
    "line",
    [
        f"error: cannot tokenize {CANARY!r}",
        json.dumps({"event": CANARY}),
        json.dumps({"event": "effusion", "error": CANARY}),
        event(CANARY),
        event("prediction", error=CANARY),
        json.dumps({"event": "fault", "time": CANARY}),
        json.dumps({"event": "healthy", "text": CANARY}),
        json.dumps({"route": CANARY}),
        '{"event": ["fault"], "time": "2026-01-02T03:04:05"}',
    ],
)
def test_a_line_of_another_program_that_looks_like_ours_is_withheld(line):
    assert showable([line], public=False) == ["(1 lines withheld: they may quote a report)"]
    assert showable([line], public=True) == [line]


def test_a_sentence_in_a_field_of_ours_is_left_out():
    assert showable([event("fault", error=CANARY)], public=False) == ["event=fault"]


def test_every_event_of_our_server_is_known(root):
    logged = set()
    for path in (root / "src/radimpress/serving").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log":
                logged |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    assert logged == ROUTINE | TROUBLE


def test_what_a_sound_server_says_of_itself_explains_no_failure():
    lines = [event(name) for name in ("serving", "draining", "stopped")]
    assert showable(lines, public=True) == []
    assert showable([*lines, '["serving"]'], public=True) == ['["serving"]']


def test_the_container_that_was_started_last_is_read_though_the_old_fleet_goes_on(
    session, loopback
):
    logs, now = loopback.client("logs"), int(time.time() * 1000)
    logs.create_log_group(logGroupName=GROUP)
    for name, text, when in (("all/old", "error: a; next: b", now), ("all/new", ENDED, now - 9000)):
        time.sleep(0.01)  # streams are dated in milliseconds
        logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
        said = [{"timestamp": when, "message": text}]
        logs.put_log_events(logGroupName=GROUP, logStreamName=name, logEvents=said)
    assert last_lines(session, "radimpress", public=False) == [ENDED]


def test_the_newest_stream_is_read_and_none_is_no_error(session, loopback):
    assert last_lines(session, "radimpress", public=True) == []
    logs = loopback.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    assert last_lines(session, "radimpress", public=True) == []
    now = int(time.time() * 1000)
    for name, text, when in (("main/old", "old", now - 9000), ("main/new", ENDED, now)):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
        logs.put_log_events(
            logGroupName=GROUP,
            logStreamName=name,
            logEvents=[{"timestamp": when, "message": text}],
        )
    assert last_lines(session, "radimpress", public=False) == [ENDED]
