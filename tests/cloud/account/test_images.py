import pytest
from botocore.stub import Stubber

from radimpress.cloud.account.images import image_exists, jumpstart_can_be_read
from radimpress.cloud.account.patience import quick
from radimpress.cloud.session import Session

URI = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.10.0-gpu-py313"
SENT = {
    "registryId": "763104351884",
    "repositoryName": "pytorch-training",
    "imageIds": [{"imageTag": "2.10.0-gpu-py313"}],
}


def test_an_image_is_asked_for_in_its_own_registry(session: Session) -> None:
    with Stubber(quick(session, "ecr")) as answers:
        answers.add_response("describe_images", {"imageDetails": []}, SENT)
        assert image_exists(session, URI) is True


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ("ImageNotFoundException", False),
        ("RepositoryNotFoundException", False),
        ("AccessDeniedException", None),
    ],
)
def test_what_the_registry_says(session: Session, code: str, there: bool | None) -> None:
    with Stubber(quick(session, "ecr")) as answers:
        answers.add_client_error("describe_images", code)
        assert image_exists(session, URI) is there


def test_an_image_of_another_registry_is_not_judged(session: Session) -> None:
    assert image_exists(session, "docker.io/library/python:3.11") is None


def test_jumpstart_is_readable_where_its_manifest_is(session: Session, loopback) -> None:
    assert not jumpstart_can_be_read(session)
    s3, bucket = loopback.client("s3"), "jumpstart-cache-prod-us-east-1"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="models_manifest.json", Body=b"[]")
    assert jumpstart_can_be_read(session)
