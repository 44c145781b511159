from radimpress.serving.openapi import ANSWERS, REQUEST
from radimpress.serving.requests import FIELDS


def test_the_schema_names_the_fields_that_are_read():
    report = REQUEST["content"]["application/json"]["schema"]["oneOf"][0]
    assert tuple(report["properties"]) == FIELDS
    assert report["additionalProperties"] is False


def test_every_refusal_of_the_route_is_listed():
    assert set(ANSWERS) == {200, 400, 401, 408, 413, 415, 429, 500, 503, 504}
