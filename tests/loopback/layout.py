"""The folder that becomes /opt/ml in a training container, as AWS documents it."""

import json
from pathlib import Path
from typing import Any

from loopback import buckets
from loopback.call import Refusal
from loopback.containers import OPT_ML
from loopback.jobs import Failed

GROUP = "homogeneousCluster"


def local(ml: Path, inside: str) -> Path:
    """Where a path below /opt/ml lies on this machine. Raises Refusal for other paths."""
    if not inside.startswith(f"{OPT_ML}/"):
        told = f"the loopback knows local paths below {OPT_ML} only, not {inside}"
        raise Refusal("ValidationException", told)
    return ml / inside.removeprefix(f"{OPT_ML}/")


def hosts(count: int) -> list[str]:
    """The names of the machines of a job."""
    return [f"algo-{number}" for number in range(1, count + 1)]


def lay_out(ml: Path, request: dict[str, Any], host: str) -> None:
    """Make input/config, empty output folders, and every input channel of `host`."""
    for folder in ("input/config", "input/data", "model", "output/data", "checkpoints", "code"):
        (ml / folder).mkdir(parents=True, exist_ok=True)
    config = ml / "input" / "config"
    write_config(config / "hyperparameters.json", request.get("HyperParameters", {}))
    write_config(config / "resourceconfig.json", resource_config(request["ResourceConfig"], host))
    channels = request.get("InputDataConfig", [])
    write_config(config / "inputdataconfig.json", {c["ChannelName"]: _channel(c) for c in channels})
    every = hosts(request["ResourceConfig"].get("InstanceCount", 1))
    for channel in channels:
        source = channel["DataSource"]["S3DataSource"]
        share = (every.index(host), len(every))
        fetch(source, ml / "input" / "data" / channel["ChannelName"], share)


def fetch(source: dict[str, Any], folder: Path, share: tuple[int, int] = (0, 1)) -> None:
    """Lay an S3DataSource out below `folder`: of sharded ones every n-th object.

    Raises Failed where nothing lies there, with AWS's words.
    """
    uri, kind = source["S3Uri"], source.get("S3DataType", "S3Prefix")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = buckets.keys(uri)
    if kind == "ManifestFile":
        uri, chosen = manifest(uri)
    elif kind != "S3Prefix":
        raise Refusal("ValidationException", f"the loopback lacks S3DataType {kind}")
    if source.get("S3DataDistributionType") == "ShardedByS3Key":
        chosen = chosen[share[0] :: share[1]]
    elif not chosen:
        told = f"ClientError: Data download failed: No S3 objects found under S3 URL {uri!r}"
        raise Failed(f"{told} given in input data source.")
    buckets.download(uri, folder, chosen)


def manifest(uri: str) -> tuple[str, list[str]]:
    """Prefix and keys that a manifest names: [{"prefix": "s3://.../"}, "relative", ...]."""
    head, *names = json.loads(buckets.read(uri))
    start = buckets.split(head["prefix"])[1]
    return head["prefix"], [start + name for name in names]


def resource_config(resources: dict[str, Any], host: str) -> dict[str, Any]:
    """What a container is told of its machine and the others."""
    kind, every = resources["InstanceType"], hosts(resources.get("InstanceCount", 1))
    group = {"instance_group_name": GROUP, "instance_type": kind, "hosts": every}
    return {
        "current_host": host,
        "current_instance_type": kind,
        "current_group_name": GROUP,
        "hosts": every,
        "instance_groups": [group],
        "network_interface_name": "lo",  # AWS: eth0; the containers share this machine's network
    }


def _channel(channel: dict[str, Any]) -> dict[str, str]:
    mode = channel.get("InputMode", "File")
    if mode == "Pipe":
        raise Refusal("ValidationException", "the loopback lacks the input mode Pipe")
    source = channel["DataSource"].get("S3DataSource")
    if source is None:
        raise Refusal("ValidationException", "the loopback's channels come from S3 only")
    return {
        "TrainingInputMode": mode,
        "S3DistributionType": source.get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
    }


def write_config(path: Path, content: dict[str, Any]) -> None:
    """Write a file of input/config."""
    path.write_text(json.dumps(content))
