import io
import json

import pytest

from radimpress.corpus.report import Prediction
from radimpress.modeling.requests import read_requests, written
from radimpress.runtime.errors import RadimpressError


def ask(source, stdin=""):
    return read_requests(str(source), io.StringIO(stdin))


def test_text_is_one_request():
    asked = ask("Small left effusion.")
    assert (asked.findings, asked.are_jsonl) == (["Small left effusion."], False)


def test_a_text_file_and_standard_input_are_one_request_each(tmp_path):
    path = tmp_path / "findings.txt"
    path.write_text("Clear lungs.\nNo effusion.")
    assert ask(path).findings == ["Clear lungs.\nNo effusion."]
    assert ask("-", "Clear lungs.").findings == ["Clear lungs."]


def test_jsonl_keeps_order_ids_and_background(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text(
        '{"findings": "a b", "study_id": "s1", "background": "cough"}\n\n{"findings": "c d"}\n'
    )
    asked = ask(path)
    assert asked.findings == ["a b", "c d"]
    assert asked.study_ids == ["s1", "3"]
    assert asked.background == ["cough", ""]
    assert asked.are_jsonl


def test_jsonl_on_standard_input_is_recognised():
    assert ask("-", '{"findings": "a"}\n').are_jsonl


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        ("", "there are no findings"),
        ('{"findings": "a"}\nzqsecret\n', "line 2 of standard input is no JSON object"),
        ('{"finding": "zqsecret"}\n', "line 1 of standard input .* field `findings`"),
        ('{"findings": 3}\n', "line 1"),
    ],
)
def test_bad_input_names_the_line_and_never_quotes_it(stdin, message):
    with pytest.raises(RadimpressError, match=message) as caught:
        ask("-", stdin)
    assert "zqsecret" not in str(caught.value)


def test_a_file_that_is_not_there_is_no_findings(tmp_path):
    with pytest.raises(RadimpressError, match="nosuch.jsonl is missing"):
        ask(tmp_path / "nosuch.jsonl")


def test_a_file_that_is_not_utf8_says_how_to_convert_it(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RadimpressError, match="is not UTF-8; next: convert it"):
        ask(path)


def test_long_text_is_no_file_name():
    assert len(ask("No effusion. " * 1000).findings) == 1


def test_output_is_plain_or_one_object_a_line():
    predictions = [Prediction("s1", "Clear."), Prediction("s2", "Größe.")]
    assert written(predictions, as_jsonl=False) == "Clear.\nGröße.\n"
    lines = written(predictions, as_jsonl=True).splitlines()
    assert json.loads(lines[1]) == {"study_id": "s2", "impression": "Größe."}
