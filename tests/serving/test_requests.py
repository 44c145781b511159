import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radimpress.config.serving import Serving
from radimpress.serving.refusals import Code, Refusal
from radimpress.serving.requests import Ask, Options, Shape, is_jsonl, read_asked

LIMITS = Serving(max_reports=3, max_findings_words=10)
FINDINGS = "No effusion."


def refused(body, as_lines=False, limits=LIMITS) -> Refusal:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(Refusal) as caught:
        read_asked(raw, as_lines, limits)
    json.loads(caught.value.body())
    return caught.value


def test_one_object_is_one_ask_with_defaults():
    asked = read_asked(b'{"findings": "No effusion."}', False, LIMITS)
    assert asked.shape is Shape.one
    assert asked.asks == (Ask(FINDINGS, "", None, Options(None, None), True),)


def test_every_field_is_read():
    plain = {
        "findings": FINDINGS,
        "background": "Cough.",
        "study_id": "s1",
        "max_new_tokens": 8,
        "num_beams": 2,
        "statements": False,
    }
    (ask,) = read_asked(json.dumps([plain]).encode(), False, LIMITS).asks
    assert ask == Ask(FINDINGS, "Cough.", "s1", Options(8, 2), False)


def test_null_is_as_good_as_absent_but_for_the_findings():
    plain = {"findings": FINDINGS, "background": None, "study_id": None, "num_beams": None}
    assert read_asked(json.dumps(plain).encode(), False, LIMITS).asks == (Ask(FINDINGS),)
    assert refused({"findings": None}).field == "findings"


def test_lines_are_one_ask_each_and_empty_lines_none():
    body = b'{"findings": "A b."}\n\n  \r\n{"findings": "C d."}\n'
    asked = read_asked(body, True, LIMITS)
    assert asked.shape is Shape.lines
    assert [ask.findings for ask in asked.asks] == ["A b.", "C d."]


def test_a_separator_that_only_unicode_knows_does_not_end_a_line():
    body = json.dumps({"findings": "A\u2028b."}, ensure_ascii=False).encode()
    assert read_asked(body, True, LIMITS).asks[0].findings == "A\u2028b."


@pytest.mark.parametrize(
    ("row", "code", "field"),
    [
        ({}, Code.missing_field, "findings"),
        ({"findings": ""}, Code.bad_field, "findings"),
        ({"findings": " \n\t"}, Code.bad_field, "findings"),
        ({"findings": "1. 2."}, Code.bad_field, "findings"),
        ({"findings": 3}, Code.bad_field, "findings"),
        ({"findings": ["No effusion."]}, Code.bad_field, "findings"),
        ({"findings": "w " * 11}, Code.bad_field, "findings"),
        ({"findings": "w" * 201}, Code.bad_field, "findings"),
        ({"findings": FINDINGS, "background": "w " * 11}, Code.bad_field, "background"),
        ({"findings": FINDINGS, "background": 1}, Code.bad_field, "background"),
        ({"findings": FINDINGS, "study_id": 7}, Code.bad_field, "study_id"),
        ({"findings": FINDINGS, "study_id": "s" * 201}, Code.bad_field, "study_id"),
        ({"findings": FINDINGS, "statements": 1}, Code.bad_field, "statements"),
        ({"findings": FINDINGS, "statements": "no"}, Code.bad_field, "statements"),
        ({"findings": FINDINGS, "num_beams": 0}, Code.bad_field, "num_beams"),
        ({"findings": FINDINGS, "num_beams": 5}, Code.bad_field, "num_beams"),
        ({"findings": FINDINGS, "num_beams": 2.0}, Code.bad_field, "num_beams"),
        ({"findings": FINDINGS, "num_beams": True}, Code.bad_field, "num_beams"),
        ({"findings": FINDINGS, "max_new_tokens": -1}, Code.bad_field, "max_new_tokens"),
        ({"findings": FINDINGS, "max_new_tokens": 10**4000}, Code.bad_field, "max_new_tokens"),
        ({"findings": FINDINGS, "temperature": 1}, Code.unknown_field, "temperature"),
        ({"inputs": FINDINGS}, Code.unknown_field, "inputs"),
    ],
)
def test_a_bad_object_is_refused_by_the_name_of_its_field(row, code, field):
    alone = refused(row)
    assert (alone.status, alone.code, alone.field) == (400, code, field)
    third = refused([{"findings": FINDINGS}, {"findings": FINDINGS}, row])
    assert third.field == f"[2].{field}"
    assert alone.step


@pytest.mark.parametrize("row", [1, "text", None, [], True])
def test_what_is_no_object_is_named_by_its_place(row):
    assert refused([{"findings": FINDINGS}, row]).field == "[1]"


def test_a_message_never_quotes_the_findings():
    problem = refused({"findings": "Secret " * 12})
    assert "Secret" not in problem.body().decode()
    assert "has 12 words, at most 10" in problem.message


def test_no_report_and_too_many_are_refused():
    assert refused([]).status == 400
    assert refused(b"", as_lines=True).status == 400
    many = refused([{"findings": FINDINGS}] * 4)
    assert (many.status, many.code) == (413, Code.too_many_reports)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"no json",
        b'{"findings": NaN}',
        b'{"findings": "A b.", "num_beams": Infinity}',
        b'{"findings": "A b.", "num_beams": -Infinity}',
        b'{"findings": "A b.", "num_beams": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"findings": "\xff"}',
        b'{"findings": "A b."} {"findings": "A b."}',
    ],
    ids=lambda body: body[:24].decode("latin-1"),
)
def test_what_is_no_strict_json_is_refused(body):
    problem = refused(body)
    assert (problem.status, problem.code) == (400, Code.bad_json)


def test_a_bad_line_is_named_by_its_number():
    body = b'{"findings": "A b."}\n\n{"findings": \n'
    assert refused(body, as_lines=True).message.startswith("line 3 is no JSON")


def test_a_field_given_twice_is_refused():
    problem = refused(b'{"findings": "A b.", "findings": "C d."}')
    assert (problem.code, problem.field) == (Code.bad_field, "findings")


def test_many_names_of_which_the_last_is_given_twice_do_not_hold_the_server_up():
    names = [*(f"{n:05x}" for n in range(40_000)), "09c3f"]
    body = "{" + ",".join(f'"{name}":0' for name in names) + "}"
    began = time.process_time()
    problem = refused(body.encode())
    assert time.process_time() - began < 2  # comparing each with each takes ten times that
    assert (problem.code, problem.field) == (Code.bad_field, "09c3f")


def test_half_a_character_is_refused_before_the_tokenizer_meets_it():
    assert refused(b'{"findings": "A b \\ud800."}').field == "findings"
    whole = read_asked(b'{"findings": "A b \\ud83d\\ude00."}', False, LIMITS)
    assert whole.asks[0].findings == "A b \U0001f600."


def test_a_byte_order_mark_is_no_fault():
    assert read_asked(b'\xef\xbb\xbf{"findings": "A b."}', False, LIMITS).asks[0].findings == "A b."


@pytest.mark.parametrize(
    ("content_type", "lines"),
    [
        ("application/json", False),
        ("Application/JSON; charset=UTF-8", False),
        ('application/json; charset="utf-8"', False),
        ("application/jsonlines", True),
    ],
)
def test_two_content_types_are_read(content_type, lines):
    assert is_jsonl(content_type) is lines


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("", ""),
        ("text/plain", ""),
        ("application/x-www-form-urlencoded", ""),
        ("application/json; charset=latin-1", ""),
        ("application/json", "gzip"),
    ],
)
def test_other_content_types_are_refused(content_type, encoding):
    with pytest.raises(Refusal) as caught:
        is_jsonl(content_type, encoding)
    assert caught.value.status == 415


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ROWS = st.dictionaries(
    st.sampled_from(["findings", "background", "study_id", "num_beams", "statements", "other"]),
    JSON,
)


def read_or_refused(body, as_lines):
    """The asks, or the status of the refusal; any other error is a failure."""
    try:
        return read_asked(body, as_lines, LIMITS).asks
    except Refusal as refusal:
        return refusal.status


@given(JSON | ROWS | st.lists(ROWS, max_size=3))
def test_any_json_is_read_or_refused(plain):
    found = read_or_refused(json.dumps(plain).encode(), False)
    assert found in (400, 413) or all(isinstance(ask.findings, str) for ask in found)


@given(st.binary(max_size=60), st.booleans())
def test_any_bytes_are_read_or_refused(body, as_lines):
    found = read_or_refused(body, as_lines)
    assert found in (400, 413) or found
