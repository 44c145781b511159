from radimpress.config.cloud import Cloud
from radimpress.config.load import compose


def test_the_account_is_found_at_run_time():
    cloud = compose().cloud
    assert cloud == Cloud()
    assert (cloud.region, cloud.role_arn, cloud.bucket) == (None, None, None)
