"""Permissions for what lies in the account: the bucket, keys, network, results, the account."""

from radimpress.cloud.policy.action import (
    DASHBOARD,
    EVERYBODY,
    LOOKING,
    PEOPLE,
    ROLE,
    SETUP,
    Action,
    Only,
    same,
)
from radimpress.cloud.policy.resources import Scope

PASSED = ("StringEquals", "iam:PassedToService", "sagemaker.amazonaws.com")

DATA = [
    Action(
        "s3:ListBucket",
        (Scope.bucket,),
        EVERYBODY,
        ("s3:ListObjectsV2", "s3:ListObjects", "s3:HeadBucket"),
    ),
    Action("s3:GetBucketLocation", (Scope.bucket,), EVERYBODY, ("s3:GetBucketLocation",)),
    Action("s3:GetObject", (Scope.objects,), EVERYBODY, ("s3:GetObject", "s3:HeadObject")),
    Action(
        "s3:PutObject",
        (Scope.objects,),
        EVERYBODY,
        (
            *("s3:PutObject", "s3:CreateMultipartUpload", "s3:UploadPart"),
            *("s3:CompleteMultipartUpload", "s3:CopyObject"),
        ),
    ),
    Action("s3:AbortMultipartUpload", (Scope.objects,), EVERYBODY, ("s3:AbortMultipartUpload",)),
    Action("s3:DeleteObject", (Scope.objects,), EVERYBODY, ("s3:DeleteObject", "s3:DeleteObjects")),
    Action("s3:ListBucket", (Scope.jumpstart,), EVERYBODY),
    Action(
        "s3:GetObject", (Scope.jumpstart_objects,), EVERYBODY, ("s3:GetObject", "s3:HeadObject")
    ),
]

BUCKET = [
    Action("s3:CreateBucket", (Scope.bucket,), SETUP, ("s3:CreateBucket",)),
    Action("s3:GetEncryptionConfiguration", (Scope.bucket,), LOOKING, ("s3:GetBucketEncryption",)),
    Action("s3:PutEncryptionConfiguration", (Scope.bucket,), SETUP, ("s3:PutBucketEncryption",)),
    Action("s3:GetBucketPublicAccessBlock", (Scope.bucket,), LOOKING, ("s3:GetPublicAccessBlock",)),
    Action("s3:PutBucketPublicAccessBlock", (Scope.bucket,), SETUP, ("s3:PutPublicAccessBlock",)),
    *same("s3", (Scope.bucket,), LOOKING, "GetBucketPolicy", "GetBucketVersioning"),
    *same("s3", (Scope.bucket,), SETUP, "PutBucketPolicy", "PutBucketVersioning"),
    *same("s3", (Scope.bucket,), SETUP, "GetBucketTagging", "PutBucketTagging"),
    Action(
        "s3:GetLifecycleConfiguration",
        (Scope.bucket,),
        SETUP,
        ("s3:GetBucketLifecycleConfiguration",),
    ),
    Action(
        "s3:PutLifecycleConfiguration",
        (Scope.bucket,),
        SETUP,
        ("s3:PutBucketLifecycleConfiguration",),
    ),
    Action("s3:ListBucket", (Scope.bucket,), SETUP, ("s3:HeadBucket", "s3:ListObjectsV2")),
]

ACCOUNT = [
    Action("iam:PassRole", (Scope.role,), PEOPLE, condition=PASSED),
    *same("iam", (Scope.role,), PEOPLE, "GetRole", "SimulatePrincipalPolicy"),
    *same("service-quotas", (Scope.anything,), PEOPLE, "GetServiceQuota", "ListServiceQuotas"),
    *same("resourcegroupstaggingapi", (Scope.anything,), PEOPLE, "GetResources"),
    *same("sts", (Scope.anything,), PEOPLE, "GetCallerIdentity"),
]

KEY = [
    Action(f"kms:{name}", (Scope.kms_key,), EVERYBODY, (f"kms:{name}",), Only.kms)
    for name in ("Decrypt", "GenerateDataKey", "DescribeKey")
] + [
    # SageMaker encrypts the volumes of jobs and endpoints with it on the caller's behalf.
    Action(
        "kms:CreateGrant",
        (Scope.kms_key,),
        EVERYBODY,
        ("kms:CreateGrant",),
        Only.kms,
        ("Bool", "kms:GrantIsForAWSResource", "true"),
    )
]

NETWORK = [
    Action(f"ec2:{name}", (Scope.anything,), ROLE, (f"ec2:{name}",), Only.vpc)
    for name in (
        *("CreateNetworkInterface", "CreateNetworkInterfacePermission", "DeleteNetworkInterface"),
        *("DeleteNetworkInterfacePermission", "DescribeNetworkInterfaces", "DescribeVpcs"),
        *("DescribeDhcpOptions", "DescribeSubnets", "DescribeSecurityGroups"),
    )
]

QUICKSIGHT = [
    *same(
        "quicksight",
        (Scope.quicksight_sources,),
        DASHBOARD,
        *("CreateDataSource", "UpdateDataSource", "DescribeDataSource", "DeleteDataSource"),
    ),
    Action("quicksight:PassDataSource", (Scope.quicksight_sources,), DASHBOARD),
    *same(
        "quicksight",
        (Scope.quicksight_sets,),
        DASHBOARD,
        *("CreateDataSet", "UpdateDataSet", "DescribeDataSet", "DeleteDataSet"),
    ),
    Action("quicksight:PassDataSet", (Scope.quicksight_sets,), DASHBOARD),
    *same(
        "quicksight",
        (Scope.quicksight_ingestions,),
        DASHBOARD,
        *("CreateIngestion", "DescribeIngestion"),
    ),
    *same(
        "quicksight",
        (Scope.quicksight_dashboards,),
        DASHBOARD,
        *("CreateDashboard", "UpdateDashboard", "DescribeDashboard", "DeleteDashboard"),
        *("ListDashboardVersions", "UpdateDashboardPublishedVersion"),
    ),
    *same(
        "quicksight",
        (Scope.quicksight_sources, Scope.quicksight_sets, Scope.quicksight_dashboards),
        DASHBOARD,
        *("TagResource", "ListTagsForResource"),
    ),
    *same(
        "glue",
        (Scope.glue_catalogue, Scope.glue_database),
        DASHBOARD,
        *("CreateDatabase", "GetDatabase", "DeleteDatabase", "GetTags"),
    ),
    *same(
        "glue",
        (Scope.glue_catalogue, Scope.glue_database, Scope.glue_tables),
        DASHBOARD,
        *("CreateTable", "UpdateTable", "GetTable", "GetTables", "DeleteTable"),
        *("CreatePartition", "UpdatePartition", "GetPartition", "GetPartitions"),
    ),
]

RESULTS = [
    Action("s3:ListBucket", (Scope.bucket,), DASHBOARD, ("s3:ListObjectsV2", "s3:HeadBucket")),
    Action("s3:GetObject", (Scope.results,), DASHBOARD, ("s3:GetObject", "s3:HeadObject")),
    Action(
        "s3:PutObject",
        (Scope.results,),
        DASHBOARD,
        (
            *("s3:PutObject", "s3:CreateMultipartUpload", "s3:UploadPart"),
            "s3:CompleteMultipartUpload",
        ),
    ),
    Action("s3:DeleteObject", (Scope.results,), DASHBOARD, ("s3:DeleteObject", "s3:DeleteObjects")),
    *same("sts", (Scope.anything,), DASHBOARD, "GetCallerIdentity"),
]
