"""Files of the pipeline found again by their md5: in the workspace, or in DVC's cache."""

from pathlib import Path

from radimpress.health.hashing import cache_path
from radimpress.health.verify import cache_folder
from radimpress.runtime.digests import file_md5


def find_file(root: Path, name: str, md5: str) -> Path | None:
    """The file with these bytes: `root/name` if it still has them, else DVC's copy, else None."""
    present = root / name
    if present.is_file() and file_md5(present) == md5:
        return present
    kept = _cached(root, md5) if md5 else None
    return kept if kept and kept.is_file() and file_md5(kept) == md5 else None


def _cached(root: Path, md5: str) -> Path | None:
    from dvc.exceptions import NotDvcRepoError

    try:
        return cache_path(cache_folder(root), md5)
    except NotDvcRepoError:
        return None
