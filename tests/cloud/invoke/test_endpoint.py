import pytest

from radimpress.cloud.invoke.endpoint import find_endpoint
from radimpress.runtime.errors import RadimpressError


def test_an_endpoint_in_service_is_found(session, stand_in):
    found = find_endpoint(session, "stand-in", text_is_public=True)
    assert (found.name, found.config, found.is_changing) == ("stand-in", "stand-in-1", False)
    assert not found.is_asynchronous
    assert found.arn == "arn:aws:sagemaker:us-east-1:123456789012:endpoint/stand-in"


def test_a_missing_endpoint_is_one_line(session, stand_in):
    with pytest.raises(RadimpressError, match="no endpoint 'nobody' in us-east-1; next"):
        find_endpoint(session, "nobody", text_is_public=True)


@pytest.mark.parametrize("state", ["Creating", "Failed", "Deleting", "OutOfService"])
def test_an_endpoint_that_does_not_answer_is_refused(session, stand_in, state):
    stand_in.state = state
    with pytest.raises(RadimpressError, match=f"stand-in is {state}"):
        find_endpoint(session, "stand-in", text_is_public=True)


def test_an_endpoint_that_is_updated_still_answers(session, stand_in):
    stand_in.state = "Updating"
    assert find_endpoint(session, "stand-in", text_is_public=True).is_changing


def test_private_text_is_not_sent_where_requests_are_kept(session, stand_in):
    stand_in.captures = True
    assert find_endpoint(session, "stand-in", text_is_public=True)
    with pytest.raises(RadimpressError, match="keeps copies of requests"):
        find_endpoint(session, "stand-in", text_is_public=False)


def test_private_text_is_not_sent_to_an_endpoint_of_others(session, stand_in):
    assert find_endpoint(session, "stand-in", text_is_public=False)
    stand_in.tags = []
    assert find_endpoint(session, "stand-in", text_is_public=True)
    with pytest.raises(RadimpressError, match="tag radimpress:project=radimpress"):
        find_endpoint(session, "stand-in", text_is_public=False)


def test_missing_rights_are_named(session, stand_in, loopback):
    loopback.faults.refuse("DescribeEndpoint", "AccessDeniedException", "not you")
    with pytest.raises(RadimpressError, match="not you; next: run `radimpress cloud policy`"):
        find_endpoint(session, "stand-in", text_is_public=True)
