"""One permission: the IAM action, who needs it, on what, and for which operations of AWS."""

from dataclasses import dataclass
from enum import Enum

from radimpress.cloud.policy.resources import Scope


class Who(Enum):
    """Those that act. A person may be several of them; a policy each keeps within IAM's limit."""

    user = "user"  # trains, and looks: a person, or the CI, at the command line
    deployer = "deployer"  # makes, changes and asks endpoints
    role = "role"  # the execution role of jobs and endpoints
    setup = "setup"  # makes the bucket, once
    caretaker = "caretaker"  # lists what there is and takes it down
    dashboard = "dashboard"  # publishes results to QuickSight


class Only(Enum):
    """When an action is needed at all."""

    always = "always"
    kms = "kms"  # cloud.kms_key is set
    vpc = "vpc"  # cloud.subnets are set
    mlflow = "mlflow"  # tracking.uri is the ARN of a managed server


@dataclass(frozen=True, slots=True)
class Action:
    """One IAM action. `operations` are "service:Operation" of botocore that it allows.

    An empty `operations` marks one that AWS's own services use for us. `condition` is IAM's.
    """

    name: str
    scopes: tuple[Scope, ...]
    who: tuple[Who, ...]
    operations: tuple[str, ...] = ()
    only: Only = Only.always
    condition: tuple[str, str, str] | None = None  # operator, key, value


USER, DEPLOYER, ROLE = (Who.user,), (Who.deployer,), (Who.role,)
PEOPLE = (Who.user, Who.deployer)
RUNNING = (Who.deployer, Who.role)
EVERYBODY = (Who.user, Who.deployer, Who.role)
SETUP, DASHBOARD, CARETAKER = (Who.setup,), (Who.dashboard,), (Who.caretaker,)
LOOKING = (Who.user, Who.deployer, Who.setup)

# botocore's name of a service, where IAM has another.
PREFIXES = {
    "sagemaker-runtime": "sagemaker",
    "service-quotas": "servicequotas",
    "resourcegroupstaggingapi": "tag",
}


def same(
    service: str, scopes: tuple[Scope, ...], who: tuple[Who, ...], *names: str
) -> list[Action]:
    """Actions that are called like their operation."""
    prefix = PREFIXES.get(service, service)
    return [Action(f"{prefix}:{name}", scopes, who, (f"{service}:{name}",)) for name in names]
