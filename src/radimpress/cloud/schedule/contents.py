"""What the steps of a scheduled pipeline read: source, settings, raw data, by content in S3."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from omegaconf import OmegaConf

from radimpress.cloud.jobs.declaration import ROOT, source_files
from radimpress.cloud.jobs.wheel import source_bundle
from radimpress.cloud.session import Session
from radimpress.cloud.storage import put_files, put_folder
from radimpress.config.schema import Config
from radimpress.runtime.errors import next_step

GIVEN = Path("data/raw/given")  # where raw data from outside the repository is laid
TRAIN = {"splits": "data/splits", "foundation": "models/foundation"}  # channels of the training


@dataclass(frozen=True, slots=True)
class Contents:
    """Addresses in S3."""

    code: str
    config: str  # params.yaml, dvc.yaml and lineage.json
    train_code: str
    train_config: (
        str  # params.yaml, job.json and lineage.json, as `radimpress.cloud.jobs.container` wants
    )
    raw: str


def put_contents(session: Session, config: Config, lineage: Mapping[str, str]) -> Contents:
    """Upload what is not in S3 yet."""
    inside = _inside(config)
    job = {
        "stage": "train",
        "inputs": TRAIN,
        "outs": ["models/finetuned", "reports/training"],
        "isolated": False,
    }
    with TemporaryDirectory() as folder:
        at = Path(folder)
        train_code = source_bundle(at / "train", "train")
        (at / "all").mkdir()
        code = source_bundle(at / "all" / "code", "train")
        (code / "requirements.txt").write_text(_requirements(code))
        settings, job_settings = at / "settings", at / "job"
        for each in (settings, job_settings):
            each.mkdir()
            OmegaConf.save(OmegaConf.structured(inside), each / "params.yaml")
            _write(each / "lineage.json", dict(lineage))
        (settings / "dvc.yaml").write_bytes((ROOT / "dvc.yaml").read_bytes())
        _write(job_settings / "job.json", job)
        return Contents(
            put_folder(session, code),
            put_folder(session, settings),
            put_folder(session, train_code),
            put_folder(session, job_settings),
            put_files(session, _raw(config)),
        )


def _inside(config: Config) -> Config:
    """The configuration with raw data where the containers find them."""
    data = config.data
    split = replace(data.split, file=_place(data.split.file).as_posix())
    external = data.external
    if external.path:
        external = replace(external, path=_place(external.path).as_posix())
    path = _place(data.path).as_posix()
    return replace(config, data=replace(data, path=path, split=split, external=external))


def _place(path: str) -> Path:
    given = Path(path)
    return GIVEN / given.name if given.is_absolute() or ".." in given.parts else given


def _raw(config: Config) -> dict[str, Path]:
    """Every raw file: its name in the working directory, and where it is."""
    data, files = config.data, {}
    for name in {data.path, data.split.file, data.external.path or data.path}:
        if not Path(name).exists():
            raise next_step(f"{name} is missing", "fetch it (`dvc pull`), or set data.path")
        for path in source_files(Path(name)):
            files[(_place(name) / path.relative_to(name)).as_posix()] = path
    return files


def _requirements(code: Path) -> str:
    """Pins of everything that pyproject.toml names, for stages that no training job runs."""
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {Requirement(line).name.lower() for line in project["dependencies"]}
    pins = (code / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(pin for pin in pins if pin.partition("==")[0].lower() in wanted) + "\n"


def _write(path: Path, content: Mapping[str, object]) -> None:
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
