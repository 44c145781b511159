import pytest

from radimpress.cloud.inventory import Kind, resources, take_stock
from radimpress.cloud.inventory.listing import own_prices
from radimpress.cloud.inventory.resource import Prices
from radimpress.config.deployment import Deployment
from radimpress.config.job import Job
from radimpress.runtime.errors import RadimpressError


def test_everything_of_ours_is_found_and_nothing_of_others(session, filled):
    found = take_stock(session)
    assert found.unseen == ()
    assert [(each.kind, each.name) for each in found.resources] == [
        (Kind.endpoint, "radimpress-endpoint"),
        (Kind.pipeline, "radimpress-pipeline"),
        (Kind.training_job, "radimpress-train-0123-0"),
        (Kind.training_job, "radimpress-train-0123-1"),
        (Kind.endpoint_config, "radimpress-endpoint-config"),
        (Kind.model, "radimpress-endpoint-model"),
        (Kind.scaling, "endpoint/radimpress-endpoint/variant/all"),
        (Kind.alarm, "radimpress-errors"),
        (Kind.log, "/aws/sagemaker/Endpoints/radimpress-endpoint"),
        (Kind.objects, "radimpress-123456789012-us-east-1"),
    ]


def test_what_stands_leaves_ended_jobs_and_data_out(session, filled):
    kinds = [each.kind for each in take_stock(session).standing]
    assert kinds == [
        *(Kind.endpoint, Kind.pipeline, Kind.training_job, Kind.endpoint_config, Kind.model),
        *(Kind.scaling, Kind.alarm),
    ]


def test_the_total_is_what_machines_cost_now(session, filled):
    found = take_stock(session)
    usd = {each.name: each.usd_per_hour for each in found.resources}
    assert usd["radimpress-endpoint"] == pytest.approx(2 * 0.214)
    assert usd["radimpress-train-0123-1"] == pytest.approx(2 * 1.41)
    assert usd["radimpress-train-0123-0"] == 0.0
    assert usd["radimpress-errors"] == pytest.approx(0.10 / 730)
    assert found.usd_per_hour == pytest.approx(2 * 0.214 + 2 * 1.41 + 0.10 / 730, abs=1e-6)


def test_a_configured_price_wins_and_an_unknown_machine_is_named(session, account):
    account.endpoint("mine", "radimpress", instances=1)
    own = own_prices([Job(), Deployment(instance_type="ml.c7i.xlarge", price_usd_per_hour=7.0)])
    assert take_stock(session, own).usd_per_hour == 7.0
    assert Prices().of("ml.new.xlarge", 1) is None
    assert Prices().of("ml.new.xlarge", 0) == 0.0


def test_hundreds_are_found_over_many_pages(session, account):
    for number in range(230):
        account.training_job(f"radimpress-train-{number}", "radimpress", "InProgress")
    found = take_stock(session)
    assert len(found.standing) == 230
    assert found.usd_per_hour == pytest.approx(230 * 2 * 1.41)


def test_a_part_that_may_not_be_seen_does_not_hide_the_others(session, filled, loopback):
    loopback.faults.refuse("ListTags", "AccessDeniedException", "not the alarms", times=0)
    loopback.faults.refuse("DescribeAlarms", "AccessDenied", "not you", times=99)
    found = take_stock(session)
    assert len(found.unseen) == 1
    assert "list each alarm" in found.unseen[0]
    assert Kind.endpoint in {each.kind for each in found.resources}
    with pytest.raises(RadimpressError, match="list each alarm"):
        resources(session)


@pytest.mark.slow
def test_a_throttled_look_sees_everything(session, filled, loopback):
    loopback.faults.throttle("ListTags", times=3)
    assert len(take_stock(session).resources) == 10
