import json

from radimpress.corpus.report import Prediction
from radimpress.serving.answers import answer, body
from radimpress.serving.requests import Ask, Shape
from radimpress.serving.served_model import Identity

MODEL = Identity("radimpress", "3", "f" * 64, "a" * 64)
FINDINGS = "There is a small left pleural effusion. The heart is normal."


def test_an_answer_links_its_statements_to_the_findings_as_sent():
    ask = Ask(FINDINGS, study_id="s1")
    found = answer(ask, Prediction("0", "Small left pleural effusion.", False, True), MODEL)
    (statement,) = found.pop("statements")
    assert found == {
        "study_id": "s1",
        "impression": "Small left pleural effusion.",
        "truncated": False,
        "clipped": True,
        "model": {"name": "radimpress", "version": "3", "fingerprint": "f" * 64},
    }
    assert statement["support"] == "supported"
    assert statement["observations"] == ["Pleural Effusion"]
    (span,) = statement["evidence"]
    assert FINDINGS[span["start"] : span["end"]].startswith("There is a small left pleural")


def test_a_statement_on_the_other_side_says_so():
    found = answer(Ask(FINDINGS), Prediction("0", "Right pleural effusion.", False, False), MODEL)
    assert found["statements"][0]["support"] == "side_differs"


def test_without_statements_nothing_is_checked():
    found = answer(Ask(FINDINGS, statements=False), Prediction("0", "X.", False, False), MODEL)
    assert "statements" not in found
    assert "study_id" not in found


def test_the_answer_has_the_shape_of_the_request():
    rows = [{"impression": "Ä\u2028b"}, {"impression": "c"}]
    content, media_type = body(Shape.many, rows)
    assert (json.loads(content), media_type) == (rows, "application/json")
    content, media_type = body(Shape.one, rows[:1])
    assert (json.loads(content), media_type) == (rows[0], "application/json")
    content, media_type = body(Shape.lines, rows)
    assert [json.loads(line) for line in content.decode().split("\n")[:-1]] == rows
    assert media_type == "application/jsonlines"
