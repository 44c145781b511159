import json

import pytest

from radimpress.cloud.account.bucket import make_bucket
from radimpress.cloud.account.bucket_state import BucketState, bucket_state
from radimpress.cloud.policy.documents import bucket_policy, place
from radimpress.cloud.session import Session, open_session
from radimpress.config.cloud import Cloud


@pytest.fixture
def new(loopback, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("RADIMPRESS_BUCKET", "radimpress-new")
    return open_session(Cloud())


def test_a_bare_bucket_has_nothing(new: Session, loopback) -> None:
    loopback.client("s3").create_bucket(Bucket="radimpress-new")
    state = bucket_state(new)
    assert not state.only_tls
    assert not state.versioned
    assert not state.public_is_blocked


def test_a_bucket_of_ours_has_all_of_it(new: Session) -> None:
    make_bucket(new)
    assert bucket_state(new) == BucketState("AES256", "", True, only_tls=False, versioned=True)


def test_the_policy_that_we_print_counts_as_tls_only(new: Session, loopback) -> None:
    make_bucket(new)
    policy = json.dumps(bucket_policy(place(new)))
    loopback.client("s3").put_bucket_policy(Bucket="radimpress-new", Policy=policy)
    try:
        assert bucket_state(new).only_tls
    finally:
        loopback.client("s3").delete_bucket_policy(Bucket="radimpress-new")
