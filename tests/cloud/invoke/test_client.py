import json

import pytest

from radimpress.cloud.invoke.answers import Answered, Failed
from radimpress.cloud.invoke.client import EndpointClient
from radimpress.cloud.invoke.throttling import Patience
from radimpress.runtime.errors import RadimpressError

QUICK = Patience(first_s=0.005, longest_s=0.02)


def requests(count):
    return [{"study_id": f"s{n}", "findings": f"clear {n}."} for n in range(count)]


@pytest.fixture
def client(session, stand_in):
    return EndpointClient(session, "stand-in", concurrency=8, patience=QUICK)


def impressions(outcomes):
    return [o.answer["impression"] if isinstance(o, Answered) else None for o in outcomes]


def test_one_request_is_answered_as_the_app_answers(client):
    answer = client.ask({"study_id": "a", "findings": "Clear."})
    assert (answer["study_id"], answer["impression"]) == ("a", "1: CLEAR.")


def test_many_are_asked_at_once_and_answered_in_order(client, stand_in):
    stand_in.slow_s = 0.02
    assert impressions(client.ask_all(requests(60))) == [f"1: CLEAR {n}." for n in range(60)]
    assert 4 <= stand_in.at_once <= 8
    assert set(stand_in.asked.values()) == {1}


def test_every_throttled_request_is_answered(client, loopback):
    loopback.faults.throttle("InvokeEndpoint", times=50)
    assert None not in impressions(client.ask_all(requests(40)))
    assert loopback.calls["sagemaker:InvokeEndpoint"] == 90


def test_5xx_of_aws_and_of_the_container_are_asked_again(client, loopback, stand_in, model_error):
    loopback.faults.fail("InvokeEndpoint", nth=3, times=1, status=500)
    loopback.faults.fail("InvokeEndpoint", nth=9, times=1, status=503)
    stand_in.troubles["s5"] = [model_error(500), model_error(503), model_error(429)]
    assert None not in impressions(client.ask_all(requests(20)))
    assert stand_in.asked["s5"] == 4


def test_a_bad_report_costs_that_report_only(client, stand_in, model_error):
    said = {"error": {"code": "bad_field", "message": "findings is too long", "next": "cut it"}}
    stand_in.troubles["s2"] = [model_error(400, json.dumps(said))]
    stand_in.troubles["s4"] = [model_error(500) for _ in range(9)]
    outcomes = list(client.ask_all(requests(6)))
    failed = [o for o in outcomes if isinstance(o, Failed)]
    assert [impression is None for impression in impressions(outcomes)] == [
        *(False, False, True, False, True, False)
    ]
    assert failed == [
        Failed("s2", "status 400: findings is too long; cut it"),
        Failed("s4", "status 500"),
    ]
    assert (stand_in.asked["s2"], stand_in.asked["s4"]) == (1, 5)


def test_a_list_of_answers_names_the_reports_that_lack_one(client, stand_in, model_error):
    for study in ("s1", "s3"):
        stand_in.troubles[study] = [model_error(413)]
    with pytest.raises(RadimpressError, match=r"2 of 5 reports: s1 \(status 413\), s3") as raised:
        client.answers(requests(5))
    assert "clear" not in str(raised.value).lower().replace("cleared", "")
    assert set(stand_in.asked) == {f"s{n}" for n in range(5)}


def test_a_stranger_s_error_message_is_withheld(client, stand_in, model_error):
    stand_in.troubles["s0"] = [model_error(400, "bad input: CANARY findings")]
    (outcome,) = client.ask_all(requests(1))
    assert outcome == Failed("s0", "status 400")


def test_an_endpoint_that_answers_nothing_ends_the_run(client, stand_in, model_error):
    for request in requests(300):
        stand_in.troubles[request["study_id"]] = [model_error(400)]
    with pytest.raises(RadimpressError, match="none of the first 16 requests"):
        list(client.ask_all(requests(300)))
    assert len(stand_in.asked) < 120


def test_missing_rights_end_the_run_at_once(client, loopback):
    loopback.faults.refuse("InvokeEndpoint", "AccessDeniedException", "not you", times=999)
    with pytest.raises(RadimpressError, match="AccessDeniedException: not you"):
        list(client.ask_all(requests(100)))
    assert loopback.calls["sagemaker:InvokeEndpoint"] <= 20


def test_an_endpoint_that_stays_busy_ends_the_run(session, stand_in, loopback):
    client = EndpointClient(session, "stand-in", patience=Patience(busy_s=0.2, first_s=0.01))
    loopback.faults.throttle("InvokeEndpoint", times=9999)
    with pytest.raises(RadimpressError, match="ThrottlingException.*run the same again"):
        list(client.ask_all(requests(20)))


def test_another_container_is_told_from_ours(client, stand_in):
    stand_in.answer = lambda _: {"generated_text": "CANARY"}
    with pytest.raises(RadimpressError, match="contract of docs/serving.md") as raised:
        client.ask(requests(1)[0])
    assert "CANARY" not in str(raised.value)


def test_only_a_few_requests_ahead_are_read(client):
    read = []

    def endless():
        number = 0
        while True:
            read.append(number)
            yield {"study_id": str(number), "findings": "clear."}
            number += 1

    outcomes = client.ask_all(endless())
    for _ in range(100):
        next(outcomes)
    outcomes.close()
    assert len(read) < 200
