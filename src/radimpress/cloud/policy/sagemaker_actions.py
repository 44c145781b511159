"""Permissions for what runs in SageMaker: jobs, endpoints, their logs, images and MLflow."""

from radimpress.cloud.policy.action import (
    DEPLOYER,
    EVERYBODY,
    PEOPLE,
    ROLE,
    RUNNING,
    USER,
    Action,
    Only,
    same,
)
from radimpress.cloud.policy.resources import Scope

OUR_METRICS = ("StringLike", "cloudwatch:namespace", "{project}*")
TAGGED_JOBS = (
    *(Scope.training_jobs, Scope.tuning_jobs, Scope.transform_jobs, Scope.processing_jobs),
    Scope.pipelines,
)
TAGGED_ENDPOINTS = (Scope.models, Scope.endpoint_configs, Scope.endpoints)

JOBS = [
    *same(
        "sagemaker",
        (Scope.training_jobs,),
        USER,
        *("CreateTrainingJob", "DescribeTrainingJob", "StopTrainingJob", "UpdateTrainingJob"),
    ),
    *same(
        "sagemaker",
        (Scope.tuning_jobs,),
        USER,
        "CreateHyperParameterTuningJob",
        "DescribeHyperParameterTuningJob",
        "StopHyperParameterTuningJob",
        "ListTrainingJobsForHyperParameterTuningJob",
    ),
    *same(
        "sagemaker",
        (Scope.transform_jobs,),
        USER,
        *("CreateTransformJob", "DescribeTransformJob", "StopTransformJob"),
    ),
    *same(
        "sagemaker",
        (Scope.processing_jobs,),
        USER,
        *("CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob"),
    ),
    *same(
        "sagemaker",
        (Scope.pipelines,),
        USER,
        *("CreatePipeline", "UpdatePipeline", "DescribePipeline", "DeletePipeline"),
        "StartPipelineExecution",
    ),
    *same(
        "sagemaker",
        (Scope.anything,),  # lists and searches know no resource
        PEOPLE,
        *("ListTrainingJobs", "ListHyperParameterTuningJobs", "ListTransformJobs"),
        *("ListProcessingJobs", "ListModels", "ListEndpoints", "ListEndpointConfigs"),
        *("ListPipelines", "Search"),
    ),
    *same("sagemaker", (Scope.jumpstart_hub, Scope.jumpstart_content), USER, "DescribeHubContent"),
    *same("sagemaker", TAGGED_JOBS, USER, "AddTags", "ListTags"),
]

ENDPOINTS = [
    *same("sagemaker", (Scope.models,), DEPLOYER, "CreateModel", "DescribeModel", "DeleteModel"),
    *same(
        "sagemaker",
        (Scope.endpoint_configs,),
        DEPLOYER,
        *("CreateEndpointConfig", "DescribeEndpointConfig", "DeleteEndpointConfig"),
    ),
    *same(
        "sagemaker",
        (Scope.endpoints, Scope.endpoint_configs),
        DEPLOYER,
        *("CreateEndpoint", "UpdateEndpoint"),
    ),
    *same(
        "sagemaker",
        (Scope.endpoints,),
        DEPLOYER,
        *("DeleteEndpoint", "UpdateEndpointWeightsAndCapacities"),
    ),
    *same("sagemaker", (Scope.endpoints,), PEOPLE, "DescribeEndpoint"),
    *same(
        "sagemaker-runtime",
        (Scope.endpoints,),
        PEOPLE,
        *("InvokeEndpoint", "InvokeEndpointAsync"),
    ),
    *same("sagemaker", TAGGED_ENDPOINTS, DEPLOYER, "AddTags"),
    *same("sagemaker", TAGGED_ENDPOINTS, PEOPLE, "ListTags"),
    *same(
        "application-autoscaling",
        (Scope.scaling,),
        DEPLOYER,
        *("RegisterScalableTarget", "DeregisterScalableTarget", "PutScalingPolicy"),
        *("DeleteScalingPolicy", "TagResource"),
    ),
    *same(
        "application-autoscaling",
        (Scope.anything,),
        DEPLOYER,
        *("DescribeScalableTargets", "DescribeScalingPolicies"),
    ),
    *same(
        "cloudwatch",
        (Scope.alarms,),
        DEPLOYER,
        *("PutMetricAlarm", "DeleteAlarms", "DescribeAlarms", "TagResource"),
    ),
    Action(
        "cloudwatch:PutMetricData",
        (Scope.anything,),
        RUNNING,
        ("cloudwatch:PutMetricData",),
        condition=OUR_METRICS,
    ),
    *same("cloudwatch", (Scope.anything,), DEPLOYER, "GetMetricData"),
]

LOGS = [
    *same("logs", (Scope.logs,), EVERYBODY, "DescribeLogStreams"),
    *same("logs", (Scope.logs,), PEOPLE, "GetLogEvents", "FilterLogEvents"),
    *same("logs", (Scope.logs,), ROLE, "CreateLogGroup", "CreateLogStream", "PutLogEvents"),
]

IMAGES = [
    *same("ecr", (Scope.own_images, Scope.aws_images), PEOPLE, "DescribeImages"),
    *same("ecr", (Scope.anything,), ROLE, "GetAuthorizationToken"),
    *same(
        "ecr",
        (Scope.own_images, Scope.aws_images),
        ROLE,
        *("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer"),
    ),
]

# What mlflow asks of a managed tracking server, by names of the plugin sagemaker-mlflow.
MLFLOW = [
    Action(f"sagemaker-mlflow:{name}", (Scope.tracking,), EVERYBODY, only=Only.mlflow)
    for name in (
        *("CreateExperiment", "GetExperiment", "GetExperimentByName", "SearchExperiments"),
        *("SetExperimentTag", "CreateRun", "GetRun", "UpdateRun", "SearchRuns", "SetTag"),
        *("DeleteTag", "LogBatch", "LogInputs", "LogMetric", "LogModel", "LogParam"),
        *("ListArtifacts", "GetMetricHistory", "CreateRegisteredModel", "GetRegisteredModel"),
        *("UpdateRegisteredModel", "SearchRegisteredModels", "SetRegisteredModelTag"),
        *("SetRegisteredModelAlias", "DeleteRegisteredModelAlias", "GetModelVersionByAlias"),
        *("CreateModelVersion", "GetModelVersion", "UpdateModelVersion", "SearchModelVersions"),
        *("GetDownloadURIForModelVersionArtifacts", "SetModelVersionTag", "AccessUI"),
    )
] + [
    Action(
        "sagemaker:CreatePresignedMlflowTrackingServerUrl",
        (Scope.tracking,),
        PEOPLE,
        ("sagemaker:CreatePresignedMlflowTrackingServerUrl",),
        Only.mlflow,
    )
]
