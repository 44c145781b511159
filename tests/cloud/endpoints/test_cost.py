import pytest

from radimpress.cloud.endpoints.cost import HOURS, deployment_cost, refuse_dear
from radimpress.config.deployment import Deployment, EndpointMode
from radimpress.config.load import compose
from radimpress.runtime.errors import RadimpressError


def test_instances_cost_every_hour_of_the_month():
    cost = deployment_cost(Deployment(instances=2, min_instances=2, max_instances=2))
    assert cost.at_rest == cost.at_most == pytest.approx(2 * 0.214 * HOURS)
    assert str(cost).startswith("$312 a month (2 x ml.c7i.xlarge at $0.214 an hour, list of 20")


def test_autoscaling_costs_a_range():
    deployment = Deployment(
        mode=EndpointMode.asynchronous,
        min_instances=0,
        max_instances=3,
        price_usd_per_hour=1.0,
    )
    cost = deployment_cost(deployment)
    assert (cost.at_rest, cost.at_most) == (0, 3 * HOURS)
    assert str(cost) == "$0 to 2,190 a month (0 to 3 x ml.c7i.xlarge at $1.000 an hour, configured)"


def test_serverless_costs_by_the_second_of_answering():
    cost = deployment_cost(Deployment(mode=EndpointMode.serverless, memory_mb=2048))
    assert (cost.at_rest, cost.usd_per_hour) == (0, pytest.approx(0.144))
    assert cost.at_most == pytest.approx(5 * 0.144 * HOURS)
    assert "$0.00004 for each second" in str(cost)
    assert "$526 if 5 requests are answered at every moment" in str(cost)


def test_a_dear_endpoint_is_refused_with_its_price():
    with pytest.raises(RadimpressError, match=r"may cost \$1,029 a month .*ceiling of \$200"):
        refuse_dear(Deployment(instance_type="ml.g5.xlarge"))
    assert refuse_dear(Deployment()).at_most < 200


def test_a_serverless_endpoint_is_held_to_what_it_may_cost_when_it_is_always_busy():
    with pytest.raises(RadimpressError, match=r"may cost \$1,051 a month .*max_concurrency"):
        refuse_dear(Deployment(mode=EndpointMode.serverless))
    refuse_dear(compose(["deployment=serverless"]).deployment)
