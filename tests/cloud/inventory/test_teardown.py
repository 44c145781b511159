import pytest

from radimpress.cloud.inventory import Kind, take_stock
from radimpress.cloud.inventory.teardown import (
    Left,
    remove_logs_of_jobs,
    tear_down,
    to_remove,
    whats_left,
)

BUCKET = "radimpress-123456789012-us-east-1"
SHARED_LOGS = "/aws/sagemaker/TrainingJobs"


def removed(session, data=False):
    return list(tear_down(session, to_remove(take_stock(session), data), data, sleep=lambda _: 0))


def keys(account):
    found = account.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return [each["Key"] for each in found]


def groups(account):
    return account.names("describe_log_groups", "logGroups", "logGroupName", "logs")


def test_nothing_of_ours_is_left_and_everything_of_others(session, filled):
    assert [each.problem for each in removed(session)] == [""] * 7
    assert whats_left(session) == Left((), ())
    assert filled.names("list_endpoints", "Endpoints", "EndpointName") == {
        "radimpress-copy-endpoint"
    }
    assert filled.names("list_endpoint_configs", "EndpointConfigs", "EndpointConfigName") == {
        "radimpress-copy-endpoint-config"
    }
    assert filled.names("list_models", "Models", "ModelName") == {"radimpress-copy-endpoint-model"}
    assert filled.names("list_pipelines", "PipelineSummaries", "PipelineName") == {
        "radimpress-copy-pipeline"
    }
    assert filled.names("describe_alarms", "MetricAlarms", "AlarmName", "cloudwatch") == {
        "radimpress-copy-errors"
    }
    targets = filled.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="sagemaker"
    )["ScalableTargets"]
    assert [t["ResourceId"] for t in targets] == ["endpoint/radimpress-copy-endpoint/variant/all"]
    states = {name: job.training_job_status for name, job in filled.jobs.items()}
    assert states == {
        "radimpress-train-0123-0": "Completed",
        "radimpress-train-0123-1": "Stopped",
        "radimpress-copy-train-0123-0": "Completed",
        "radimpress-copy-train-0123-1": "InProgress",
    }


def test_what_costs_most_goes_first(session, filled):
    kinds = [each.resource.kind for each in removed(session)]
    assert kinds == [
        *(Kind.scaling, Kind.endpoint, Kind.pipeline, Kind.training_job),
        *(Kind.endpoint_config, Kind.model, Kind.alarm),
    ]


def test_data_stays_until_it_is_asked_for(session, filled):
    removed(session)
    assert len(keys(filled)) == 3
    assert "/aws/sagemaker/Endpoints/radimpress-endpoint" in groups(filled)


def test_data_that_stayed_is_still_known_for_ours(session, filled):
    removed(session)
    later = [each.resource.kind for each in removed(session, data=True)]
    assert later == [Kind.log, Kind.objects]
    assert keys(filled) == ["dvc/files/b"]
    assert groups(filled) == {"/aws/sagemaker/Endpoints/radimpress-copy-endpoint", SHARED_LOGS}
    assert whats_left(session, data=True).is_nothing


def test_what_our_jobs_wrote_is_deleted_from_the_logs_that_all_share(session, filled):
    assert [each.problem for each in remove_logs_of_jobs(session, take_stock(session))] == ["", ""]
    streams = filled.client("logs").describe_log_streams(logGroupName=SHARED_LOGS)["logStreams"]
    assert [s["logStreamName"] for s in streams] == ["radimpress-copy-train-0123-0/algo-1-1"]


def test_a_bucket_without_our_tag_is_not_emptied(session, filled):
    filled.client("s3").delete_bucket_tagging(Bucket=BUCKET)
    (bucket,) = [e for e in removed(session, data=True) if e.resource.kind is Kind.objects]
    assert "does not carry the tag radimpress:project=radimpress" in bucket.problem
    assert len(keys(filled)) == 3


def test_old_versions_of_objects_are_deleted_too(session, filled):
    s3 = filled.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=BUCKET, Key="content/a", Body=b"new")
    s3.delete_object(Bucket=BUCKET, Key="content/a")
    removed(session, data=True)
    left = s3.list_object_versions(Bucket=BUCKET)
    assert [v["Key"] for v in left["Versions"]] == ["dvc/files/b"]
    assert "DeleteMarkers" not in left


def test_twice_is_once(session, filled):
    chosen = to_remove(take_stock(session), data=False)
    for _ in range(2):
        assert {each.problem for each in tear_down(session, chosen)} == {""}
    assert removed(session) == []


def test_one_that_refuses_does_not_keep_the_others(session, filled, loopback):
    loopback.faults.refuse("DeleteModel", "AccessDeniedException", "not you", times=9)
    bad = [each for each in removed(session) if each.problem]
    assert [each.resource.name for each in bad] == ["radimpress-endpoint-model"]
    assert "not you; next: run `radimpress cloud policy`" in bad[0].problem
    (left,) = whats_left(session).resources
    assert left.kind is Kind.model


def test_an_endpoint_in_the_middle_of_a_change_is_waited_for(session, filled, loopback):
    words = "Cannot update in-progress endpoint"
    loopback.faults.refuse("DeleteEndpoint", "ValidationException", words, times=3)
    assert {each.problem for each in removed(session)} == {""}
    assert loopback.calls["sagemaker:DeleteEndpoint"] == 4


def test_a_busy_and_failing_aws_is_asked_again(session, filled, loopback):
    loopback.faults.throttle("DeleteEndpoint", times=2)
    loopback.faults.fail("DeleteModel", times=1, status=500)
    assert {each.problem for each in removed(session)} == {""}


def test_what_is_ending_is_waited_for_at_the_end(session, account):
    account.training_job("radimpress-train-1", "radimpress", "Stopping")

    def later(_: float) -> None:
        account.jobs["radimpress-train-1"].training_job_status = "Stopped"

    assert to_remove(take_stock(session), data=False) == []
    assert whats_left(session, sleep=later).is_nothing
    account.jobs["radimpress-train-1"].training_job_status = "Stopping"
    assert not whats_left(session, wait_s=0.0).is_nothing


@pytest.mark.slow
def test_hundreds_are_removed_over_many_pages(session, account):
    for number in range(130):
        account.endpoint(f"radimpress-{number}", "radimpress")
    assert len(removed(session)) == 3 * 130
    assert account.names("list_models", "Models", "ModelName") == set()
