import json

import pytest
from starlette.datastructures import Headers

from radimpress.serving.access_log import Note


def test_a_line_says_who_what_and_how_long(capsys):
    note = Note.of("POST", Headers({"x-request-id": "abc-1"}))
    note.route, note.status, note.reports = "/invocations", 200, 3
    note.bytes_in, note.bytes_out = 50, 70
    note.write()
    plain = json.loads(capsys.readouterr().err)
    assert plain.pop("time").endswith("+00:00")
    assert 0 <= plain.pop("ms") < 1000
    assert plain == {
        "method": "POST",
        "route": "/invocations",
        "status": 200,
        "reports": 3,
        "bytes_in": 50,
        "bytes_out": 70,
        "request_id": "abc-1",
    }


@pytest.mark.parametrize("given", ["", "has space", "a" * 65, "Übung", "a\nb"])
def test_a_request_id_that_could_be_text_is_replaced(given):
    headers = Headers(raw=[(b"x-request-id", given.encode())])
    made = Note.of("GET", headers).request_id
    assert made != given
    assert len(made) == 16


def test_a_method_that_could_be_text_is_not_logged():
    assert Note.of("JOHN-DOE", Headers({})).method == "OTHER"
