import pytest

from radimpress.cloud.inventory.bucket import Bucket
from radimpress.cloud.inventory.resource import Look
from radimpress.cloud.tags import tags
from radimpress.runtime.errors import RadimpressError


def test_a_bucket_is_one_line_with_its_size_and_cost(session, filled):
    (bucket,) = Bucket().find(session, Look())
    assert (bucket.note, bucket.is_data, bucket.is_over) == ("2 objects, 1 of DVC", True, False)
    assert bucket.usd_per_month == pytest.approx(3000 / 1e9 * 0.023)


def test_a_deleted_report_is_there_until_its_old_version_is_gone(session, account):
    s3, at = account.client("s3"), {"Bucket": session.bucket}
    s3.put_bucket_versioning(**at, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(**at, Tagging={"TagSet": tags(session.cloud, "bucket")})
    s3.put_object(**at, Key="invoke/a.json", Body=b"report")
    s3.delete_object(**at, Key="invoke/a.json")
    assert "Contents" not in s3.list_objects_v2(**at)
    (bucket,) = Bucket().find(session, Look())
    assert bucket.is_over is False
    Bucket().remove(session, bucket)
    assert list(Bucket().find(session, Look())) == []


def test_an_empty_or_missing_bucket_is_nothing(session, account):
    assert list(Bucket().find(session, Look())) == []
    account.client("s3").delete_bucket(Bucket=session.bucket)
    assert list(Bucket().find(session, Look())) == []


def test_objects_that_s3_will_not_delete_are_counted(session, filled, monkeypatch):
    (bucket,) = Bucket().find(session, Look())
    client = session.client("s3")
    said = {"Errors": [{"Code": "AccessDenied", "Key": "content/a"}]}
    monkeypatch.setattr(client, "delete_objects", lambda **_: said)
    with pytest.raises(RadimpressError, match=r"1 objects of .* stay \(AccessDenied\)"):
        Bucket().remove(session, bucket)


def test_what_is_spared_is_counted_and_stays(session, filled):
    spared = Bucket(("batch/k/",))
    (bucket,) = spared.find(session, Look())
    assert bucket.note == "1 objects, 1 of DVC, 1 of models registered by reference"
    spared.remove(session, bucket)
    listed = filled.client("s3").list_objects_v2(Bucket=session.bucket)["Contents"]
    assert [each["Key"] for each in listed] == ["batch/k/input/c", "dvc/files/b"]
    (left,) = spared.find(session, Look())
    assert left.is_over
