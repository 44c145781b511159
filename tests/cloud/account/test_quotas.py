import pytest
from botocore.stub import Stubber

from radimpress.cloud.account.patience import quick
from radimpress.cloud.account.quotas import SPOT, TRAINING, Quota, quota
from radimpress.cloud.session import Session


def page(*names: str, **more: str) -> dict:
    return {
        "Quotas": [{"QuotaName": n, "QuotaCode": f"L-{i}", "Value": 2} for i, n in enumerate(names)]
    } | more


@pytest.mark.parametrize(("use", "code"), [(TRAINING, "L-0"), (SPOT, "L-1")])
def test_the_limit_is_found_by_name_on_whatever_page(session: Session, use: str, code: str) -> None:
    with Stubber(quick(session, "service-quotas")) as answers:
        answers.add_response("list_service_quotas", page("others", NextToken="more"))
        names = (
            "ml.p5.4xlarge for training job usage",
            "ml.p5.4xlarge for spot training job usage",
        )
        answers.add_response("list_service_quotas", page(*names))
        found = quota(session, "ml.p5.4xlarge", use)
    assert found is not None
    assert (found.code, found.value) == (code, 2)


def test_a_type_without_a_limit_is_none(session: Session) -> None:
    with Stubber(quick(session, "service-quotas")) as answers:
        answers.add_response("list_service_quotas", page("others"))
        assert quota(session, "ml.p5.4xlarge", TRAINING) is None


def test_an_increase_is_asked_for_by_code() -> None:
    assert Quota("x", "L-ABC", 0).request(8).endswith("--quota-code L-ABC --desired-value 8")
