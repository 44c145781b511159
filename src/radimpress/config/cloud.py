"""conf/cloud: the AWS account, as far as it is not found in the environment."""

from dataclasses import dataclass, field


@dataclass
class Cloud:
    """Where everything that is created in AWS lives. Null means: found at run time, as said.

    Nothing here is a secret; credentials come from AWS's own chain (environment, profile, role).
    """

    project: str = "radimpress"  # value of the tag by which everything is found and torn down
    region: str | None = None  # null: AWS_REGION, then the profile
    profile: str | None = None  # null: AWS_PROFILE, then the default chain
    role_arn: str | None = None  # null: RADIMPRESS_ROLE_ARN, then role/<project>-execution
    bucket: str | None = None  # null: RADIMPRESS_BUCKET, then <project>-<account>-<region>
    kms_key: str | None = None  # ARN; null: the bucket's default encryption
    subnets: list[str] = field(default_factory=list)  # with security_groups: jobs and endpoints run
    security_groups: list[str] = field(default_factory=list)  # in this VPC
    network_isolation: bool = False  # containers without any network; MLflow is then told later
    tags: dict[str, str] = field(default_factory=dict)  # added to everything that is created
