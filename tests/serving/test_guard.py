import pytest
from starlette.datastructures import Headers

from radimpress.serving.guard import Guard
from radimpress.serving.refusals import Code, Refusal

HOST = {"host": "127.0.0.1:8080"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LOCALHOST", "[::1]:8080", "[::1]"]
)
def test_loopback_names_are_answered(host):
    Guard("127.0.0.1", "").check("/invocations", Headers({"host": host}))


@pytest.mark.parametrize(
    "host", ["", "evil.example", "evil.example:8080", "127.0.0.1.evil.example"]
)
def test_a_name_that_was_rebound_to_loopback_is_refused(host):
    with pytest.raises(Refusal) as caught:
        Guard("127.0.0.1", "").check("/ping", Headers({"host": host}))
    assert (caught.value.status, caught.value.code) == (421, Code.wrong_host)


def test_another_address_answers_every_name():
    Guard("10.0.0.7", "").check("/invocations", Headers({"host": "models.example"}))


@pytest.mark.parametrize(
    "path", ["/invocations", "/model", "/examples", "/metrics", "/openapi.json"]
)
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", "Basic right", "right", "Bearer right-and-more"]
)
def test_what_holds_data_needs_the_token(path, given):
    headers = HOST if given is None else {**HOST, "authorization": given}
    with pytest.raises(Refusal) as caught:
        Guard("127.0.0.1", "right").check(path, Headers(headers))
    assert caught.value.status == 401
    assert caught.value.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("given", ["Bearer right", "bearer right", "Bearer  right "])
def test_the_right_token_is_let_in(given):
    Guard("127.0.0.1", "right").check("/model", Headers({**HOST, "authorization": given}))


@pytest.mark.parametrize("path", ["/ping", "/", "/page/page.js"])
def test_health_checks_and_the_page_itself_need_no_token(path):
    Guard("127.0.0.1", "right").check(path, Headers(HOST))


def test_a_token_that_is_no_ascii_is_compared_and_not_stumbled_over():
    headers = Headers(raw=[(b"host", b"localhost"), (b"authorization", b"Bearer \xff\xfe")])
    with pytest.raises(Refusal):
        Guard("127.0.0.1", "right").check("/model", headers)
