"""The tags of what is deployed: whose it is, and which version it says it serves."""

from radimpress.cloud.endpoints.state import described_config
from radimpress.cloud.refusals import spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import VERSION, tagged


def tags_of(session: Session, arn: str) -> dict[str, str]:
    """The tags of a SageMaker resource."""
    with spoken(f"read the tags of {arn.rpartition(':')[2]}"):
        pages = session.client("sagemaker").get_paginator("list_tags").paginate(ResourceArn=arn)
        return tagged(tag for page in pages for tag in page["Tags"])


def config_version(session: Session, config_name: str) -> str | None:
    """The version that an endpoint configuration stands for."""
    described = described_config(session, config_name)
    if described is None:
        return None
    return tags_of(session, str(described["EndpointConfigArn"])).get(VERSION)
