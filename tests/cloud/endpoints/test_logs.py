import json
import time

from radimpress.cloud.endpoints.logs import last_lines, showable

CANARY = "Moderate left pleural effusion in Mr. Miller"
GROUP = "/aws/sagemaker/Endpoints/radimpress"


def test_only_what_our_own_programs_say_is_shown_of_a_private_corpus():
    lines = [
        json.dumps({"event": "generation_failed", "error": "RuntimeError", "text": CANARY}),
        f"Traceback: ValueError: {CANARY}",
        json.dumps({"message": CANARY}),
        json.dumps([CANARY]),
        json.dumps({"route": "/invocations", "status": 200}),
        "error: /opt/ml/model has no config.json; next: pack it again",
        "",
    ]
    shown = showable(lines, public=False)
    assert shown == [
        "event=generation_failed error=RuntimeError",
        "error: /opt/ml/model has no config.json; next: pack it again",
        "(3 lines withheld: they may quote a report)",
    ]
    assert CANARY not in " ".join(shown)
    assert f"Traceback: ValueError: {CANARY}" in showable(lines, public=True)


def test_what_a_sound_server_says_of_itself_explains_no_failure():
    lines = [json.dumps({"event": event}) for event in ("serving", "draining", "stopped")]
    assert showable(lines, public=True) == []
    assert showable([*lines, '["serving"]'], public=True) == ['["serving"]']


def test_the_newest_stream_is_read_and_none_is_no_error(session, loopback):
    assert last_lines(session, "radimpress", public=True) == []
    logs = loopback.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    assert last_lines(session, "radimpress", public=True) == []
    now = int(time.time() * 1000)
    for name, text, when in (("main/old", "old", now - 9000), ("main/new", "error: new", now)):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=name)
        logs.put_log_events(
            logGroupName=GROUP,
            logStreamName=name,
            logEvents=[{"timestamp": when, "message": text}],
        )
    assert last_lines(session, "radimpress", public=False) == ["error: new"]
