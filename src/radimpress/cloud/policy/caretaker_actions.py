"""Permissions for who looks after the account: to see all, and to take down what is ours."""

from radimpress.cloud.policy.action import CARETAKER, Action, same
from radimpress.cloud.policy.resources import Scope

LOOKING = [
    *same(
        "sagemaker",
        (Scope.anything,),
        CARETAKER,
        *("ListTrainingJobs", "ListHyperParameterTuningJobs", "ListTransformJobs"),
        *("ListProcessingJobs", "ListModels", "ListEndpoints", "ListEndpointConfigs"),
        *("ListPipelines",),
    ),
    *same(
        "sagemaker",
        (Scope.all_sagemaker,),
        CARETAKER,
        *("ListTags", "DescribeTrainingJob", "DescribeHyperParameterTuningJob"),
        *("DescribeTransformJob", "DescribeProcessingJob", "DescribeModel", "DescribeEndpoint"),
        *("DescribeEndpointConfig", "DescribePipeline", "ListPipelineExecutions"),
    ),
    *same("application-autoscaling", (Scope.anything,), CARETAKER, "DescribeScalableTargets"),
    *same("cloudwatch", (Scope.all_alarms,), CARETAKER, "DescribeAlarms", "ListTagsForResource"),
    *same(
        "logs",
        (Scope.all_logs,),
        CARETAKER,
        *("DescribeLogGroups", "DescribeLogStreams", "ListTagsForResource"),
    ),
    *same(
        "quicksight",
        (Scope.all_quicksight,),
        CARETAKER,
        *("ListDataSources", "ListDataSets", "ListDashboards", "ListTagsForResource"),
    ),
    *same("glue", (Scope.glue_catalogue, Scope.glue_database), CARETAKER, "GetDatabase", "GetTags"),
    *same("s3", (Scope.bucket,), CARETAKER, "GetBucketTagging"),
    Action(
        "s3:ListBucket",
        (Scope.bucket,),
        CARETAKER,
        ("s3:ListObjectsV2", "s3:HeadBucket"),
    ),
    Action("s3:ListBucketVersions", (Scope.bucket,), CARETAKER, ("s3:ListObjectVersions",)),
    *same("sts", (Scope.anything,), CARETAKER, "GetCallerIdentity"),
]

TAKING_DOWN = [
    *same(
        "sagemaker",
        (Scope.training_jobs,),
        CARETAKER,
        *("StopTrainingJob", "UpdateTrainingJob"),
    ),
    *same("sagemaker", (Scope.tuning_jobs,), CARETAKER, "StopHyperParameterTuningJob"),
    *same("sagemaker", (Scope.transform_jobs,), CARETAKER, "StopTransformJob"),
    *same("sagemaker", (Scope.processing_jobs,), CARETAKER, "StopProcessingJob"),
    *same("sagemaker", (Scope.models,), CARETAKER, "DeleteModel"),
    *same("sagemaker", (Scope.endpoints,), CARETAKER, "DeleteEndpoint"),
    *same("sagemaker", (Scope.endpoint_configs,), CARETAKER, "DeleteEndpointConfig"),
    *same("sagemaker", (Scope.pipelines,), CARETAKER, "DeletePipeline", "StopPipelineExecution"),
    *same("application-autoscaling", (Scope.scaling,), CARETAKER, "DeregisterScalableTarget"),
    *same("cloudwatch", (Scope.alarms,), CARETAKER, "DeleteAlarms"),
    *same("logs", (Scope.logs,), CARETAKER, "DeleteLogGroup", "DeleteLogStream", "TagResource"),
    *same("quicksight", (Scope.quicksight_sources,), CARETAKER, "DeleteDataSource"),
    *same("quicksight", (Scope.quicksight_sets,), CARETAKER, "DeleteDataSet"),
    *same("quicksight", (Scope.quicksight_dashboards,), CARETAKER, "DeleteDashboard"),
    *same(
        "glue",
        (Scope.glue_catalogue, Scope.glue_database, Scope.glue_tables),
        CARETAKER,
        "DeleteDatabase",
    ),
    Action("s3:DeleteObject", (Scope.objects,), CARETAKER, ("s3:DeleteObject", "s3:DeleteObjects")),
    Action("s3:DeleteObjectVersion", (Scope.objects,), CARETAKER),
    *same("s3", (Scope.bucket,), CARETAKER, "DeleteBucket"),
]
