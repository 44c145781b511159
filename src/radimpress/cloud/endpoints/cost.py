"""What an endpoint costs a month, before it is made."""

from dataclasses import dataclass

from radimpress.cloud.instances import PRICES_DATE, price
from radimpress.config.deployment import Deployment, EndpointMode
from radimpress.runtime.errors import next_step

HOURS = 730.0  # a month: 365 days of 24 hours over 12
USD_PER_GB_SECOND = 0.00002  # serverless, us-east-1


@dataclass(frozen=True, slots=True)
class DeploymentCost:
    """US dollars a month: at rest, and with as many instances as autoscaling may start."""

    at_rest: float
    at_most: float
    usd_per_hour: float  # of one instance; of a serverless endpoint that is always busy
    about: str

    def __str__(self) -> str:
        spread = f"{self.at_rest:,.0f}"
        if self.at_most > self.at_rest:
            spread += f" to {self.at_most:,.0f}"
        return f"${spread} a month ({self.about})"


def deployment_cost(deployment: Deployment) -> DeploymentCost:
    """The cost, without S3, CloudWatch and traffic. An update runs two fleets while it bakes.

    Raises RadimpressError for an instance type without a price.
    """
    if deployment.mode is EndpointMode.serverless:
        second = deployment.memory_mb / 1024 * USD_PER_GB_SECOND
        busy = second * 3600 * HOURS * deployment.max_concurrency
        about = (
            f"serverless: ${second:.5f} for each second of answering with its memory; ${busy:,.0f} "
            f"if {deployment.max_concurrency} requests are answered at every moment"
        )
        return DeploymentCost(0.0, busy, second * 3600, about)
    hourly = price(deployment)
    source = "configured" if deployment.price_usd_per_hour is not None else f"list of {PRICES_DATE}"
    low = min(deployment.instances, deployment.min_instances)
    high = max(deployment.instances, deployment.max_instances)
    about = (
        f"{low}{f' to {high}' if high > low else ''} x {deployment.instance_type} at "
        f"${hourly:.3f} an hour, {source}"
    )
    return DeploymentCost(low * hourly * HOURS, high * hourly * HOURS, hourly, about)


def refuse_dear(deployment: Deployment) -> DeploymentCost:
    """The cost. Raises RadimpressError where it may exceed `max_cost_usd_per_month`."""
    cost, ceiling = deployment_cost(deployment), deployment.max_cost_usd_per_month
    if cost.at_most > ceiling:
        raise next_step(
            f"endpoint {deployment.endpoint} may cost ${cost.at_most:,.0f} a month ({cost.about}), "
            f"above the ceiling of ${ceiling:,.0f}",
            "take a smaller deployment.instance_type (serverless: memory_mb, max_concurrency), "
            "fewer max_instances, or raise deployment.max_cost_usd_per_month",
        )
    return cost
