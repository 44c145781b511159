import io
import json

import pytest

from radimpress.cloud.invoke.requests import read_invocations
from radimpress.runtime.errors import RadimpressError


def test_lines_are_sent_as_they_stand_and_numbered_where_they_have_no_id(tmp_path):
    file = tmp_path / "x.jsonl"
    rows = [{"findings": "Clear.", "num_beams": 2}, {"findings": "Wet.", "study_id": "s"}]
    file.write_text("\n\n".join(map(json.dumps, rows)) + "\n")
    assert read_invocations(str(file), io.StringIO()) == [
        {"study_id": "1", "findings": "Clear.", "num_beams": 2},
        {"study_id": "s", "findings": "Wet."},
    ]


def test_a_dash_is_standard_input():
    assert read_invocations("-", io.StringIO('{"findings": "x"}'))[0]["findings"] == "x"


@pytest.mark.parametrize("line", ["{", "[]", '{"findings": 3}', '{"text": "CANARY"}'])
def test_a_bad_line_is_named_and_not_quoted(line):
    with pytest.raises(RadimpressError, match="line 2 of standard input is no JSON") as seen:
        read_invocations("-", io.StringIO('{"findings": "x"}\n' + line))
    assert "CANARY" not in str(seen.value)


def test_nothing_to_ask_and_nothing_to_read_are_one_line_each(tmp_path):
    with pytest.raises(RadimpressError, match="standard input is empty"):
        read_invocations("-", io.StringIO("\n"))
    with pytest.raises(RadimpressError, match="gone.jsonl cannot be read"):
        read_invocations(str(tmp_path / "gone.jsonl"), io.StringIO())
    (tmp_path / "latin.jsonl").write_bytes(b'{"findings": "\xe9"}')
    with pytest.raises(RadimpressError, match="is not UTF-8"):
        read_invocations(str(tmp_path / "latin.jsonl"), io.StringIO())
