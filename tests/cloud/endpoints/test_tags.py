from radimpress.cloud.endpoints.tags import config_version, tags_of


def test_tags_are_read_as_a_dict(session, stand_in):
    stand_in.tags = [{"Key": "a", "Value": "b"}]
    arn = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/stand-in"
    assert tags_of(session, arn) == {"a": "b"}


def test_a_configuration_that_is_gone_stands_for_no_version(session):
    assert config_version(session, "none") is None
