"""A look into a SQLite store without MLflow, whose import alone takes 3 to 6 s of CPU.

For `radimpress doctor`: reads, never makes or migrates anything. What it finds is held against
MLflow itself by the tests.
"""

import importlib.util
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.tracking.names import KEY

SCHEME = "sqlite:///"
DELETED = "Deleted_Internal"  # the stage of a version that was deleted
_LINE = re.compile(r"^(down_)?revision\b[^=\n]*=(.*)$", re.MULTILINE)
_REVISION = re.compile(r"[0-9a-f]{6,}")


@dataclass(frozen=True, slots=True)
class Glance:
    """A SQLite store as it lies there; `keys` has the tag KEY of each (model name, version)."""

    exists: bool
    keys: dict[tuple[str, str], str]


def sqlite_file(uri: str) -> Path | None:
    """The file of a SQLite store; None for any other store.

    >>> sqlite_file("sqlite:////home/me/mlflow.db"), sqlite_file("http://127.0.0.1:5000")
    (PosixPath('/home/me/mlflow.db'), None)
    """
    return Path(uri.removeprefix(SCHEME)) if uri.startswith(SCHEME) else None


def glance(path: Path) -> Glance:
    """What the store at `path` holds, which may not be there yet.

    Raises RadimpressError where it is damaged, or of another MLflow than the installed one.
    """
    if not path.exists():
        return Glance(exists=False, keys={})
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT version_num FROM alembic_version").fetchone()
            versions = database.execute(
                "SELECT v.name, v.version, t.value FROM model_versions v "
                "LEFT JOIN model_version_tags t "
                "ON t.name = v.name AND t.version = v.version AND t.key = ? "
                "WHERE coalesce(v.current_stage, '') <> ?",
                (KEY, DELETED),
            ).fetchall()
    except sqlite3.Error as error:
        raise _damaged(path, type(error).__name__) from error
    if found is None or found[0] not in (newest := newest_revisions()):
        seen = "nothing" if found is None else found[0]
        raise next_step(
            f"{path} has the schema {seen}, the installed MLflow wants {', '.join(newest)}",
            "install the MLflow of constraints.txt (`make setup`), or upgrade the store: "
            f"mlflow db upgrade {SCHEME}{path}",
        )
    return Glance(True, {(name, str(version)): key or "" for name, version, key in versions})


def newest_revisions() -> tuple[str, ...]:
    """The schema that the installed MLflow migrates to: the revision that none builds on."""
    spec = importlib.util.find_spec("mlflow")
    if spec is None or not spec.submodule_search_locations:
        raise next_step("mlflow is not installed", "run `make setup`")
    home = Path(next(iter(spec.submodule_search_locations)), "store", "db_migrations", "versions")
    here, built_on = set[str](), set[str]()
    for script in home.glob("*.py"):
        for down, names in _LINE.findall(script.read_text(encoding="utf-8")):
            (built_on if down else here).update(_REVISION.findall(names))
    return tuple(sorted(here - built_on))


def _damaged(path: Path, what: str) -> RadimpressError:
    return next_step(
        f"the MLflow store {SCHEME}{path} does not answer ({what})",
        "check tracking.uri and MLFLOW_TRACKING_URI; a broken local store can be moved away "
        "(mv mlruns/mlflow.db mlruns/broken.db), the next run makes a new one",
    )
