"""The source that a job runs: this checkout's package as a wheel, its stage programs, its locks.

The wheel is written here and not by a build tool, which would be one more thing to install and to
download at run time: a pure Python wheel is a zip of the package with three files of metadata
(https://packaging.python.org/en/latest/specifications/binary-distribution-format/). The same
source gives the same bytes, so that a second job finds it in S3.
"""

import base64
import hashlib
import re
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from radimpress.cloud.jobs.declaration import ROOT, source_files
from radimpress.runtime.errors import next_step

PACKAGES = ("radimpress", "hydra_plugins")
EPOCH = (1980, 1, 1, 0, 0, 0)  # zip's first date: equal sources, equal bytes

_MODELS = ("huggingface-hub", "safetensors", "tokenizers", "transformers")
NEEDS = {  # what the programs of a stage import, beside the image's own torch
    "foundation": ("accelerate", *_MODELS),
    "train": ("accelerate", "ctranslate2", "peft", "rouge-score", *_MODELS),
    "generate": ("ctranslate2", "peft", *_MODELS),
}
NEEDS_TRACKING = ("mlflow-skinny", "sagemaker-mlflow")
NEEDS_ALWAYS = (
    "defusedxml",
    "filelock",
    "hydra-core",
    "numpy",
    "omegaconf",
    "packaging",
    "pyarrow",
    "pyyaml",
    "rich",
    "scikit-learn",
)
GIVEN_BY_THE_IMAGE = re.compile(r"(torch|triton|nvidia-.*|cuda-.*)")


def source_bundle(folder: Path, stage: str, tracks: bool = False) -> Path:
    """Write into `folder` what a job needs to run `stage` as this checkout does; gives `folder`.

    The wheel, `pipelines/`, and the pinned requirements of the stage, with those of MLflow's client
    where the job `tracks` itself. Raises RadimpressError where
    this is no checkout.
    """
    if not (ROOT / "pyproject.toml").is_file():
        raise next_step(
            f"{ROOT} is no checkout of radimpress, so there is no source to send",
            "run from a clone, with radimpress installed by `make setup`",
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_wheel(folder)
    (folder / "pipelines").mkdir()
    for path in sorted((ROOT / "pipelines").glob("*.py")):
        (folder / "pipelines" / path.name).write_bytes(path.read_bytes())
    wanted = {*NEEDS_ALWAYS, *NEEDS[stage], *(NEEDS_TRACKING if tracks else ())}
    pins = [line for name, line in _pins() if name in wanted]
    (folder / "requirements.txt").write_text("\n".join(pins) + "\n")
    others = [line for name, line in _pins() if not GIVEN_BY_THE_IMAGE.fullmatch(name)]
    (folder / "constraints.txt").write_text("\n".join(others) + "\n")
    return folder


def write_wheel(folder: Path) -> Path:
    """Write the wheel of this checkout into `folder`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stem = f"{project['name']}-{project['version']}"
    info = f"{stem}.dist-info"
    contents = dict(_package_files())
    contents[f"{info}/METADATA"] = _metadata(project)
    contents[f"{info}/WHEEL"] = _WHEEL
    contents[f"{info}/RECORD"] = _record(contents, info)
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 6)
    return path


def _package_files() -> Iterator[tuple[str, bytes]]:
    source = ROOT / "src"
    for package in PACKAGES:
        for path in source_files(source / package):
            yield path.relative_to(source).as_posix(), path.read_bytes()


def _metadata(project: Mapping[str, Any]) -> bytes:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {requirement}" for requirement in project["dependencies"]),
    ]
    return ("\n".join(lines) + "\n").encode()


_WHEEL = b"Wheel-Version: 1.0\nGenerator: radimpress\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def _record(contents: Mapping[str, bytes], info: str) -> bytes:
    lines = []
    for name, data in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(data)}")
    return ("\n".join([*lines, f"{info}/RECORD,,"]) + "\n").encode()


def _pins() -> Iterator[tuple[str, str]]:
    """Name and line of every requirement that constraints.txt pins."""
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([a-z0-9._-]+)==", line, re.IGNORECASE):
            yield found[1].lower(), line.strip()
