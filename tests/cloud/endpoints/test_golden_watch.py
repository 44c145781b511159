import json
from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from radimpress.cloud.endpoints.golden_watch import GoldenCase, GoldenWatch, Reply, read_reply


def case(name, family="side", least=1.0, refused=False):
    return GoldenCase(
        name, family, least, name, lambda said: [] if "right" in said else ["wrong"], refused
    )


def answer(version, impression):
    return json.dumps({"impression": impression, "model": {"version": version}}).encode()


def container(status):
    said = {"Error": {"Code": "ModelError", "Message": ""}, "OriginalStatusCode": status}
    return ClientError(said, "InvokeEndpoint")


def watch(send, *cases):
    return GoldenWatch(send, "2", cases)


def test_every_case_is_asked_once_where_the_new_version_answers():
    asked = Counter()

    def send(body):
        asked[json.loads(body)["findings"]] += 1
        return answer("2", "right")

    watched = watch(send, *(case(str(n)) for n in range(20)))
    watched.ask(10)
    assert (watched.is_complete, watched.mismatches, watched.problems) == (True, 0, "")
    assert set(asked.values()) == {1}


def test_answers_of_the_old_version_say_nothing():
    turns = count()
    watched = watch(
        lambda _: answer("2", "right") if next(turns) % 5 == 0 else answer("1", "terrible"),
        *(case(str(n)) for n in range(8)),
    )
    for _ in range(60):
        watched.ask(1)
    assert (watched.is_complete, watched.mismatches) == (True, 0)


def test_a_silent_new_version_is_asked_a_batch_at_a_time():
    turns = count()
    watched = watch(
        lambda _: (next(turns), answer("1", "right"))[1], *map(case, map(str, range(50)))
    )
    watched.ask(10)
    assert next(turns) == 8
    assert not watched.is_complete


def test_mismatches_are_those_beyond_what_the_family_may_fail():
    cases = [case(f"side {n}", "side", 0.5) for n in range(4)] + [case("one", "normal")]
    wrong = {"side 0", "side 1", "side 2", "one"}

    def send(body):
        findings = json.loads(body)["findings"]
        return answer("2", "terrible" if findings in wrong else "right")

    watched = watch(send, *cases)
    watched.ask(10)
    assert watched.mismatches == 2  # one side too many, and the only normal
    assert watched.problems == "one (wrong); side 0 (wrong); side 1 (wrong); side 2 (wrong)"


@pytest.mark.parametrize(
    ("status", "refused", "mismatches"),
    [(500, False, 1), (503, False, 1), (400, False, 1), (400, True, 0), (500, True, 1)],
)
def test_a_failing_container_is_held_against_the_update(status, refused, mismatches):
    def send(_):
        raise container(status)

    watched = watch(send, case("only", refused=refused))
    watched.ask(10)
    assert (watched.is_complete, watched.mismatches) == (True, mismatches)


def test_absurd_requests_may_be_answered_or_refused_but_not_crash():
    absurd = replace(case("absurd", "absurd"), survives=True)
    for status, mismatches in ((400, 0), (413, 0), (500, 1)):

        def send(_, status=status):
            raise container(status)

        watched = watch(send, absurd)
        watched.ask(10)
        assert watched.mismatches == mismatches
    answered = watch(lambda _: answer("2", ""), absurd)
    answered.ask(10)
    assert answered.mismatches == 0


@pytest.mark.parametrize("error", [container(429), ConnectTimeoutError(endpoint_url="x")])
def test_a_busy_endpoint_says_nothing(error):
    def send(_):
        raise error

    watched = watch(send, case("only"))
    watched.ask(10)
    assert not watched.is_complete


def test_missing_rights_end_the_watch():
    def send(_):
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "InvokeEndpoint")

    with pytest.raises(ClientError):
        watch(send, case("only")).ask(10)


def test_an_answer_where_a_refusal_is_right_is_wrong():
    watched = watch(lambda _: answer("2", "right"), case("empty", refused=True))
    watched.ask(10)
    assert watched.problems == "empty (not refused)"


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"impression": "x"}', b'"x"'])
def test_another_program_at_the_endpoint_is_a_failure(body):
    assert read_reply(body) == Reply(status=500)
