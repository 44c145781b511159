"""How many machines of a type the account may run, and how to ask for more."""

from dataclasses import dataclass

from radimpress.cloud.account.patience import quick
from radimpress.cloud.session import Session

SERVICE = "sagemaker"
TRAINING, SPOT, ENDPOINT = "training job", "spot training job", "endpoint"


@dataclass(frozen=True, slots=True)
class Quota:
    """One limit of Service Quotas: "ml.p5.4xlarge for training job usage", L-..., 0 machines."""

    name: str
    code: str
    value: float

    def request(self, wanted: int) -> str:
        """The command that asks AWS for `wanted` machines."""
        return (
            "aws service-quotas request-service-quota-increase --service-code sagemaker "
            f"--quota-code {self.code} --desired-value {wanted}"
        )


def quota(session: Session, instance_type: str, use: str) -> Quota | None:
    """The limit for `instance_type` in `use`; None where AWS has none by that name.

    AWS gives every type and use a code of its own, so the list is searched by name.
    """
    wanted = f"{instance_type} for {use} usage"
    pages = quick(session, "service-quotas").get_paginator("list_service_quotas")
    for page in pages.paginate(ServiceCode=SERVICE):
        for one in page["Quotas"]:
            if one["QuotaName"] == wanted:
                return Quota(wanted, one["QuotaCode"], one["Value"])
    return None
