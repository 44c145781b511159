"""What SageMaker says of an endpoint, and waiting until it says something else."""

from dataclasses import dataclass
from typing import Any

from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session

ABSENT = "could not find"  # what SageMaker says of endpoints, configurations and models alike
CHANGING = ("Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting")
DEAD = ("Failed", "OutOfService")


@dataclass(frozen=True, slots=True)
class EndpointState:
    """One look at an endpoint."""

    name: str
    arn: str
    status: str
    config: str  # what serves, or is being created
    pending: str = ""  # what an update that runs leads to
    phase: str = ""  # of the update: Creating, Baking, ...
    reason: str = ""  # of a failure, in SageMaker's words

    @property
    def is_changing(self) -> bool:
        """Whether it will be something else without our doing."""
        return self.status in CHANGING

    @property
    def is_dead(self) -> bool:
        """Whether it answers nobody and never will."""
        return self.status in DEAD

    @property
    def bound_for(self) -> str:
        """The configuration that it will serve when all goes well."""
        return self.pending or self.config


def look(session: Session, name: str) -> EndpointState | None:
    """The endpoint as it stands; None where there is none."""
    said = _described(session, "describe_endpoint", "EndpointName", name)
    if said is None:
        return None
    pending = said.get("PendingDeploymentSummary") or {}
    variants = pending.get("ProductionVariants") or said.get("ProductionVariants") or [{}]
    phases = [str(each["Status"]) for each in variants[0].get("VariantStatus") or []]
    return EndpointState(
        name,
        str(said["EndpointArn"]),
        str(said["EndpointStatus"]),
        str(said.get("EndpointConfigName", "")),
        str(pending.get("EndpointConfigName", "")),
        ", ".join(phases),
        str(said.get("FailureReason", "")),
    )


def described_config(session: Session, name: str) -> dict[str, Any] | None:
    """An endpoint configuration; None where there is none."""
    return _described(session, "describe_endpoint_config", "EndpointConfigName", name)


def described_model(session: Session, name: str) -> dict[str, Any] | None:
    """A model; None where there is none."""
    return _described(session, "describe_model", "ModelName", name)


def is_absent(error: Exception) -> bool:
    """Whether SageMaker says that there is no such thing."""
    code, said = error_code(error), str(error).lower()
    return code in ("ResourceNotFound", "ValidationException") and (
        ABSENT in said or "does not exist" in said
    )


def is_there_already(error: Exception) -> bool:
    """Whether SageMaker refuses to create what it has: by these names, the very same thing."""
    said = str(error).lower()
    return error_code(error) in ("ValidationException", "ResourceInUse") and "exist" in said


def is_busy(error: Exception) -> bool:
    """Whether SageMaker refuses to change an endpoint because it is being changed."""
    said = str(error).lower()
    return error_code(error) == "ValidationException" and (
        "in-progress" in said or "cannot update" in said or "is in state" in said
    )


def _described(session: Session, operation: str, key: str, name: str) -> dict[str, Any] | None:
    client = session.client("sagemaker")
    with spoken(f"{operation.replace('_', ' ')} {name}"):
        try:
            return dict(getattr(client, operation)(**{key: name}))
        except client.exceptions.ClientError as error:
            if is_absent(error):
                return None
            raise
