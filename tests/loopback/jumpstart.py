"""A catalogue of JumpStart with one small model, whose script is a stand-in of ours.

The shape of the entry is that of AWS's public hub, read by the SDK's own code; what AWS's script
does inside is not known here.
"""

import io
import json
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loopback.call import ACCOUNT, Call, Refusal
from loopback.jobs import now

if TYPE_CHECKING:
    from loopback.server import Loopback

BUCKET = "jumpstart-cache-prod-us-east-1"
HUB = "arn:aws:sagemaker:us-east-1:aws:hub/SageMakerPublicHub"
SCRIPT = """
import json, os, shutil
from pathlib import Path

data = Path(os.environ["SM_CHANNEL_TRAINING"])
template = data / "template.json"
shape = json.loads(template.read_text()) if template.exists() else {"prompt": "{prompt}"}
rows = [json.loads(line) for line in (data / "train.jsonl").read_text().splitlines()]
print("first prompt has", len(shape["prompt"].format(**rows[0]).split()), "words", flush=True)
model, out = Path(os.environ["SM_CHANNEL_MODEL"]), Path("/opt/ml/model")
shutil.copytree(model, out, dirs_exist_ok=True)
told = {"rows": len(rows), "template": shape, "hyperparameters": json.loads(os.environ["SM_HPS"])}
(out / "told.json").write_text(json.dumps(told))
"""


def offer(loop: "Loopback", model_id: str, model: Path) -> None:
    """Put `model_id` into the catalogue: a training that gives the files of `model` back."""
    s3 = loop.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="source/sourcedir.tar.gz", Body=_archive())
    for path in sorted(model.iterdir()):
        s3.upload_file(str(path), BUCKET, f"weights/{path.name}")
    document = {
        "ModelTypes": ["OPEN_WEIGHTS"],
        "Url": "https://example.org",
        "Capabilities": [],
        "TrainingSupported": True,
        "IncrementalTrainingSupported": False,
        "TrainingEcrUri": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.0",
        "TrainingScriptUri": f"s3://{BUCKET}/source/sourcedir.tar.gz",
        "TrainingArtifactUri": f"s3://{BUCKET}/weights/",
        "TrainingArtifactS3DataType": "S3Prefix",
        "TrainingInstanceTypeVariants": {"Aliases": {}, "Variants": {}},
        "DefaultTrainingInstanceType": "ml.p3.16xlarge",
        "Hyperparameters": [
            {"Name": "epochs", "Type": "int", "Default": "1", "Scope": "algorithm"},
            {"Name": "batch_size", "Type": "int", "Default": "64", "Scope": "algorithm"},
        ],
    }

    def describe(call: Call) -> dict[str, Any]:
        asked = call.request
        if asked["HubContentName"] != model_id:
            raise Refusal("ResourceNotFound", f"{asked['HubContentName']} is not in the hub")
        return {
            "HubContentName": model_id,
            "HubContentArn": f"{HUB.replace(':hub/', ':hub-content/')}/Model/{model_id}/1.0.0",
            "HubContentVersion": "1.0.0",
            "HubContentType": "Model",
            "DocumentSchemaVersion": "2.2.0",
            "HubName": asked["HubName"],
            "HubArn": HUB,
            "HubContentDocument": json.dumps(document),
            "HubContentStatus": "Available",
            "CreationTime": now(),
        }

    loop.operations["sagemaker:DescribeHubContent"] = describe


def _archive() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        files = {"transfer_learning.py": SCRIPT, "requirements.txt": ""}
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return packed.getvalue()
