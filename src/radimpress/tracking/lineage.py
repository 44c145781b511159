"""What a run was made from: code, data, configuration. Tags of every run and model version."""

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from radimpress import __version__
from radimpress.config.fingerprint import result_fingerprint
from radimpress.config.schema import Config
from radimpress.modeling.reference import model_sha256
from radimpress.runtime.digests import file_md5
from radimpress.tracking.dvc_lock import lock_md5, read_before_register

PREFIX = "radimpress."
KEPT_LOCK = "lineage/dvc.lock"  # artifacts of every run
KEPT_PARAMS = "lineage/params.yaml"
SENT = "lineage.json"  # in a job's working directory
RECORDED = ("dvc.lock", "params.yaml")  # kept with the run, so an edit of them loses nothing


@dataclass(frozen=True)
class Lineage:
    """Where something came from; empty strings where a link does not exist."""

    git_commit: str
    git_dirty: bool
    dvc_lock_md5: str  # without the entry of the register stage (tracking.dvc_lock)
    dvc_experiment: str
    config_fingerprint: str
    code_version: str
    splits: dict[str, str]  # split name -> md5 of its Parquet file, as DVC knows it
    foundation_sha256: str

    def tags(self) -> dict[str, str]:
        """MLflow tags, flat, all text."""
        flat = {k: v for k, v in asdict(self).items() if k != "splits"}
        tags = {PREFIX + k: str(v).lower() if isinstance(v, bool) else v for k, v in flat.items()}
        tags |= {f"{PREFIX}split.{name}_md5": md5 for name, md5 in self.splits.items()}
        if self.git_commit:
            tags["mlflow.source.git.commit"] = self.git_commit
        return {key: value for key, value in tags.items() if value}


def read_lineage(config: Config, workspace: Path = Path()) -> Lineage:
    """Read the lineage of what stands in `workspace`; a missing git or DVC is no error."""
    splits = sorted((workspace / "data" / "splits").glob("*.parquet"))
    foundation = workspace / "models" / "foundation"
    apart = [f":(top,exclude){name}" for name in RECORDED]
    return Lineage(
        git_commit=_git("rev-parse", "HEAD") or "",
        # a git that does not answer has not said that the work tree is clean
        git_dirty=_git("status", "--porcelain", "--untracked-files=no", "--", *apart) != "",
        dvc_lock_md5=lock_md5(read_before_register(workspace / "dvc.lock")),
        dvc_experiment=os.environ.get("DVC_EXP_NAME", ""),
        config_fingerprint=result_fingerprint(config),
        code_version=__version__,
        splits={path.stem: file_md5(path) for path in splits},
        foundation_sha256=model_sha256(foundation) if foundation.is_dir() else "",
    )


def sent_tags(workspace: Path) -> dict[str, str]:
    """The tags that came with a job: it has no git, and knows only what it was sent."""
    path = workspace / SENT
    if not path.is_file():
        return {}
    plain: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return plain


def _git(*arguments: str) -> str | None:
    """What git says, or None where it fails."""
    try:
        done = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
