import pytest

from radimpress.cloud.schedule.upsert import upsert
from radimpress.runtime.errors import RadimpressError


def test_twice_the_same_is_one_call_and_a_change_is_an_update(session, loopback):
    arn = upsert(session, '{"Version": "2020-12-01"}')
    assert upsert(session, '{"Version": "2020-12-01"}') == arn
    assert loopback.calls["sagemaker:CreatePipeline"] == 1
    assert loopback.calls["sagemaker:UpdatePipeline"] == 0
    assert upsert(session, '{"Version": "2020-12-01", "Steps": []}') == arn
    assert loopback.calls["sagemaker:UpdatePipeline"] == 1
    told = loopback.client("sagemaker").describe_pipeline(PipelineName="radimpress-pipeline")
    assert told["PipelineDefinition"] == '{"Version": "2020-12-01", "Steps": []}'


def test_it_carries_the_projects_tags(session, loopback):
    arn = upsert(session, "{}")
    found = loopback.client("sagemaker").list_tags(ResourceArn=arn)["Tags"]
    assert {"Key": "radimpress:project", "Value": "radimpress"} in found


def test_a_pipeline_of_that_name_without_our_tag_is_left_alone(session, loopback):
    loopback.client("sagemaker").create_pipeline(
        PipelineName="radimpress-pipeline",
        PipelineDefinition="{}",
        RoleArn=session.role_arn,
        ClientRequestToken="t" * 32,
    )
    with pytest.raises(RadimpressError, match="somebody else's"):
        upsert(session, '{"Version": "2020-12-01"}')
    assert loopback.calls["sagemaker:UpdatePipeline"] == 0
