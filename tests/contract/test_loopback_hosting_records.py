import io
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from loopback.model_data import NoModelData, fetch_model
from loopback.server import BUCKET

if TYPE_CHECKING:
    from loopback.server import Loopback

ROLE = "arn:aws:iam::123456789012:role/radimpress-execution"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/toy:1"


def prefix(uri: str) -> dict[str, Any]:
    source = {"S3Uri": uri, "S3DataType": "S3Prefix", "CompressionType": "None"}
    return {"ModelDataSource": {"S3DataSource": source}}


def put(loop: "Loopback", key: str, content: bytes = b"x") -> None:
    loop.client("s3").put_object(Bucket=BUCKET, Key=key, Body=content)


def packed(name: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    return stream.getvalue()


def test_a_prefix_becomes_files_and_folders(loopback: "Loopback", tmp_path: Path) -> None:
    put(loopback, "m/a")
    put(loopback, "m/code/b")
    put(loopback, "mm/c")
    fetch_model(prefix(f"s3://{BUCKET}/m/"), tmp_path / "model")
    found = sorted(p.relative_to(tmp_path / "model").as_posix() for p in tmp_path.rglob("*"))
    assert [name for name in found if not (tmp_path / "model" / name).is_dir()] == ["a", "code/b"]


def test_one_object_keeps_its_name(loopback: "Loopback", tmp_path: Path) -> None:
    put(loopback, "m/model.bin", b"1")
    container = prefix(f"s3://{BUCKET}/m/model.bin")
    container["ModelDataSource"]["S3DataSource"]["S3DataType"] = "S3Object"
    fetch_model(container, tmp_path / "model")
    assert (tmp_path / "model" / "model.bin").read_bytes() == b"1"


@pytest.mark.parametrize(
    ("key", "content", "container", "words"),
    [
        ("m/a", b"", prefix(f"s3://{BUCKET}/m"), "must end with a slash"),
        ("m/a/", b"", prefix(f"s3://{BUCKET}/m/"), "is no file name"),
        ("n/a", b"", prefix(f"s3://{BUCKET}/m/"), "Could not find model data"),
        ("m.tar.gz", b"no", {"ModelDataUrl": f"s3://{BUCKET}/m.tar.gz"}, "Failed to extract"),
        ("m.tar.gz", packed("../a"), {"ModelDataUrl": f"s3://{BUCKET}/m.tar.gz"}, "Failed to ex"),
        ("a", b"", {"ModelDataUrl": f"s3://{BUCKET}/m.tar.gz"}, "Failed to download"),
    ],
    ids=["no slash", "a folder", "nothing", "no archive", "leads outside", "not there"],
)
def test_data_that_make_no_model_are_told_of(
    loopback: "Loopback",
    tmp_path: Path,
    key: str,
    content: bytes,
    container: dict[str, Any],
    words: str,
) -> None:
    put(loopback, key, content)
    with pytest.raises(NoModelData, match=words):
        fetch_model(container, tmp_path / "model")


def test_tags_are_replaced_by_key(loopback: "Loopback") -> None:
    sagemaker = loopback.client("sagemaker")
    arn = sagemaker.create_model(
        ModelName="m",
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": IMAGE},
        Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "1"}],
    )["ModelArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "2"}])
    told = sagemaker.list_tags(ResourceArn=arn)["Tags"]
    assert {each["Key"]: each["Value"] for each in told} == {"a": "2", "b": "1"}
    assert len(told) == 2


def test_isolation_of_a_model_is_kept(loopback: "Loopback") -> None:
    sagemaker = loopback.client("sagemaker")
    sagemaker.create_model(
        ModelName="m",
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": IMAGE},
        EnableNetworkIsolation=True,
    )
    assert sagemaker.describe_model(ModelName="m")["EnableNetworkIsolation"] is True


def test_packages_and_their_groups_can_be_deleted(loopback: "Loopback") -> None:
    sagemaker = loopback.client("sagemaker")
    sagemaker.create_model_package_group(ModelPackageGroupName="g")
    arn = sagemaker.create_model_package(ModelPackageGroupName="g")["ModelPackageArn"]
    with pytest.raises(ClientError, match="holds model packages"):
        sagemaker.delete_model_package_group(ModelPackageGroupName="g")
    sagemaker.delete_model_package(ModelPackageName=arn)
    assert sagemaker.list_model_packages()["ModelPackageSummaryList"] == []
    sagemaker.delete_model_package_group(ModelPackageGroupName="g")
    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.delete_model_package(ModelPackageName=arn)
