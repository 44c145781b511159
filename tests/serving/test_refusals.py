import json

from radimpress.serving.refusals import Code, Refusal


def test_the_body_is_the_documented_error():
    refusal = Refusal(400, Code.bad_field, "findings is a number", "send text", "[3].findings")
    assert json.loads(refusal.body()) == {
        "error": {
            "code": "bad_field",
            "field": "[3].findings",
            "message": "findings is a number",
            "next": "send text",
        }
    }


def test_headers_and_field_are_optional():
    refusal = Refusal(503, Code.not_ready, "the model is being loaded", "ask again")
    assert dict(refusal.headers) == {}
    assert json.loads(refusal.body())["error"]["field"] is None


def test_as_an_exception_it_says_only_its_code():
    assert str(Refusal(400, Code.bad_json, "a message", "a step")) == "bad_json"
