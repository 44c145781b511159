"""What a permission is for: ARNs of one project's things, and no others."""

from dataclasses import dataclass
from enum import Enum

from radimpress.cloud.session import partition_of


class Scope(Enum):
    """ARN patterns, filled by `Place.arns`."""

    bucket = "arn:{partition}:s3:::{bucket}"
    objects = "arn:{partition}:s3:::{bucket}/*"
    results = "arn:{partition}:s3:::{bucket}/dashboard/*"
    jumpstart = "arn:{partition}:s3:::jumpstart-cache-prod-{region}"
    jumpstart_objects = "arn:{partition}:s3:::jumpstart-cache-prod-{region}/*"
    jumpstart_hub = "arn:{partition}:sagemaker:{region}:aws:hub/SageMakerPublicHub"
    jumpstart_content = "arn:{partition}:sagemaker:{region}:aws:hub-content/SageMakerPublicHub/*"
    training_jobs = "arn:{partition}:sagemaker:{region}:{account}:training-job/{project}-*"
    tuning_jobs = (
        "arn:{partition}:sagemaker:{region}:{account}:hyper-parameter-tuning-job/{project}-*"
    )
    transform_jobs = "arn:{partition}:sagemaker:{region}:{account}:transform-job/{project}-*"
    processing_jobs = "arn:{partition}:sagemaker:{region}:{account}:processing-job/{project}-*"
    models = "arn:{partition}:sagemaker:{region}:{account}:model/{project}*"
    endpoints = "arn:{partition}:sagemaker:{region}:{account}:endpoint/{project}*"
    endpoint_configs = "arn:{partition}:sagemaker:{region}:{account}:endpoint-config/{project}*"
    pipelines = "arn:{partition}:sagemaker:{region}:{account}:pipeline/{project}*"
    tracking = "{tracking}"
    logs = "arn:{partition}:logs:{region}:{account}:log-group:/aws/sagemaker/*"
    alarms = "arn:{partition}:cloudwatch:{region}:{account}:alarm:{project}*"
    scaling = "arn:{partition}:application-autoscaling:{region}:{account}:scalable-target/*"
    own_images = "arn:{partition}:ecr:{region}:{account}:repository/{project}"
    aws_images = "arn:{partition}:ecr:{region}:*:repository/*"
    role = "{role}"
    quicksight_sources = "arn:{partition}:quicksight:{region}:{account}:datasource/{project}-*"
    quicksight_sets = "arn:{partition}:quicksight:{region}:{account}:dataset/{project}-*"
    quicksight_ingestions = (
        "arn:{partition}:quicksight:{region}:{account}:dataset/{project}-*/ingestion/*"
    )
    quicksight_dashboards = "arn:{partition}:quicksight:{region}:{account}:dashboard/{project}-*"
    glue_catalogue = "arn:{partition}:glue:{region}:{account}:catalog"
    glue_database = "arn:{partition}:glue:{region}:{account}:database/{database}"
    glue_tables = "arn:{partition}:glue:{region}:{account}:table/{database}/*"
    kms_key = "{kms_key}"
    # Only for looking: what is ours shows in its tags.
    all_sagemaker = "arn:{partition}:sagemaker:{region}:{account}:*/*"
    all_logs = "arn:{partition}:logs:{region}:{account}:log-group:*"
    all_alarms = "arn:{partition}:cloudwatch:{region}:{account}:alarm:*"
    all_quicksight = "arn:{partition}:quicksight:{region}:{account}:*/*"
    anything = "*"  # the action knows no resource


@dataclass(frozen=True, slots=True)
class Place:
    """The account that ARNs are made for; `kms_key`, `vpc` and `tracking` widen the policies."""

    account: str
    region: str
    project: str
    bucket: str
    role: str
    kms_key: str | None = None
    vpc: bool = False
    tracking: str | None = None  # ARN of a managed MLflow server

    @property
    def partition(self) -> str:
        """AWS's world of the region: aws, aws-cn or aws-us-gov."""
        return partition_of(self.region)

    def arn(self, scope: Scope) -> str:
        """The ARN pattern of `scope` in this account."""
        return scope.value.format(
            partition=self.partition,
            account=self.account,
            region=self.region,
            project=self.project,
            database=self.project.replace("-", "_"),
            bucket=self.bucket,
            role=self.role,
            kms_key=self.kms_key or "",
            tracking=self.tracking or "",
        )
