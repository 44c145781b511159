"""Create or update the pipeline in AWS; doing it twice changes nothing."""

from radimpress.cloud.refusals import error_code, spoken
from radimpress.cloud.session import Session
from radimpress.cloud.tags import refuse_strangers, tags
from radimpress.runtime.digests import names_sha256

KIND = "pipeline"
MISSING = ("ResourceNotFound", "ResourceNotFoundException", "ValidationException")


def upsert(session: Session, text: str) -> str:
    """Make the project's pipeline have the definition `text`; its ARN."""
    client, name = session.client("sagemaker"), f"{session.cloud.project}-pipeline"
    with spoken(f"describe {name}"):
        try:
            present = client.describe_pipeline(PipelineName=name)
        except client.exceptions.ClientError as error:
            if error_code(error) not in MISSING:
                raise
            present = None
    if present is None:
        with spoken(f"create {name}"):
            made = client.create_pipeline(
                PipelineName=name,
                PipelineDefinition=text,
                RoleArn=session.role_arn,
                Tags=tags(session.cloud, KIND),
                ClientRequestToken=names_sha256({name: text}),
            )
        return str(made["PipelineArn"])
    with spoken(f"look at the tags of {name}"):
        listed = client.list_tags(ResourceArn=present["PipelineArn"])["Tags"]
    refuse_strangers(listed, session.cloud, f"the pipeline {name}")
    if present["PipelineDefinition"] != text:
        with spoken(f"update {name}"):
            client.update_pipeline(
                PipelineName=name, PipelineDefinition=text, RoleArn=session.role_arn
            )
    return str(present["PipelineArn"])
