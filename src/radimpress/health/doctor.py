"""`radimpress doctor`: what of the set-up works, and what to do about what does not."""

import importlib.metadata
import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from radimpress.config.load import from_params
from radimpress.config.params_file import refuse_stale
from radimpress.config.rules import warnings
from radimpress.config.schema import Access, Config
from radimpress.health.findings import Finding, fail, ok, warn
from radimpress.health.hardware import check_gpu, check_memory
from radimpress.runtime.errors import RadimpressError
from radimpress.tracking.glance import Glance, glance, sqlite_file
from radimpress.tracking.names import KEY
from radimpress.tracking.store import Store, open_store, redacted, tracking_uri

PYTHONS = ((3, 11), (3, 13))
FREE_BYTES = 5 * 10**9


def examine(root: Path) -> list[Finding]:
    """Run every check; a check that breaks is a finding, never a stack trace."""
    findings = [_guarded("python", check_python), _guarded("lock", lambda: check_lock(root))]
    findings += [
        _guarded("dvc", lambda: check_dvc(root)),
        _guarded("disk", lambda: check_disk(root)),
    ]
    try:
        config = from_params(root / "params.yaml")
    except RadimpressError as error:
        return [*findings, fail("params.yaml", *_split(error))]
    checks: dict[str, Callable[[], Finding]] = {
        "params.yaml": lambda: check_params(root, config),
        "raw data": lambda: check_data(root, config),
        "data agreement": lambda: check_agreement(config),
        "MLflow": lambda: check_store(root, config),
        "GPU": lambda: check_gpu(config.compute),
        "memory": lambda: check_memory(config),
    }
    return findings + [_guarded(name, check) for name, check in checks.items()]


def check_python() -> Finding:
    """Python 3.11 to 3.13, inside a virtual environment."""
    seen = ".".join(map(str, sys.version_info[:3]))
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        return fail("python", seen, "use Python 3.11 to 3.13: make setup PYTHON=python3.11")
    if sys.prefix == sys.base_prefix:
        return warn("python", f"{seen}, no virtual environment", "run `make setup`")
    if sys.dont_write_bytecode and not _is_compiled("torch"):
        slow = f"{seen} compiles every library anew at each start (PYTHONDONTWRITEBYTECODE)"
        return warn("python", slow, "unset it: what is compiled is kept then")
    return ok("python", f"{seen} in {sys.prefix}")


def _is_compiled(package: str) -> bool:
    """Whether bytecode of the package is kept, as far as its `__init__` tells."""
    found = importlib.util.find_spec(package)
    source = found.origin if found else None
    return bool(source and Path(importlib.util.cache_from_source(source)).is_file())


def check_lock(root: Path) -> Finding:
    """What is installed is what constraints.txt says."""
    path = root / "constraints.txt"
    if not path.is_file():
        return warn("lock", "no constraints.txt here", "run in the repository root")
    other = [
        f"{name} {installed} instead of {wanted}"
        for name, wanted in locked_versions(path.read_text(encoding="utf-8")).items()
        if (installed := _installed(name)) and installed.partition("+")[0] != wanted
    ]
    if other:
        more = f" and {len(other) - 3} more" if len(other) > 3 else ""
        return warn("lock", f"{', '.join(other[:3])}{more}", "run `make setup` in a new .venv")
    return ok("lock", "installed packages are those of constraints.txt")


def locked_versions(text: str) -> dict[str, str]:
    """Package name to pinned version, of the lines whose markers hold on this machine."""
    pinned = {}
    for line in text.splitlines():
        try:
            requirement = Requirement(line.strip())
        except InvalidRequirement:  # comments and blank lines
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            pinned[requirement.name] = str(requirement.specifier).removeprefix("==")
    return pinned


def check_dvc(root: Path) -> Finding:
    """A DVC repository whose Hydra composition finds the schema."""
    from dvc.repo import Repo

    if not (root / ".dvc").is_dir():
        return fail("DVC", f"{root} is no DVC repository", "run in the repository root")
    with Repo(str(root)) as repo:
        hydra = repo.config["hydra"]
        if not hydra.get("enabled") or hydra.get("plugins_path") != "src":
            return fail(
                "DVC",
                "Hydra composition is off: -S data=... would not be typed",
                "dvc config hydra.enabled True && dvc config hydra.plugins_path src",
            )
        remotes = repo.config.get("remote") or {}
    unverified = [name for name, remote in remotes.items() if not remote.get("verify")]
    if unverified:
        return warn(
            "DVC",
            f"remote {unverified[0]} is trusted blindly: a damaged object would be pulled unseen",
            f"dvc remote modify {unverified[0]} verify true",
        )
    return ok("DVC", f"{importlib.metadata.version('dvc')}, {len(remotes)} remotes")


def check_disk(root: Path) -> Finding:
    """Room for models and caches."""
    free = shutil.disk_usage(root).free
    seen = f"{free / 1e9:.0f} GB free"
    if free < FREE_BYTES:
        return warn("disk", seen, "free some: `dvc gc --workspace`, `uv cache clean`")
    return ok("disk", seen)


def check_params(root: Path, config: Config) -> Finding:
    """params.yaml is what conf/ says, and nothing in it is doubtful."""
    try:
        refuse_stale(root / "params.yaml", root / "conf")
    except RadimpressError as error:
        return fail("params.yaml", *_split(error))
    if doubts := warnings(config):
        return warn("params.yaml", "; ".join(doubts), "see docs/configuration.md")
    return ok("params.yaml", f"data={config.data.name} model={config.model.name}")


def check_data(root: Path, config: Config) -> Finding:
    """The raw corpus is where data.path says."""
    path = root / config.data.path
    if not path.exists():
        return fail("raw data", f"{config.data.path} is missing", "see docs/data-sources.md")
    return ok("raw data", config.data.path)


def check_agreement(config: Config) -> Finding:
    """What the corpus's access class forbids."""
    access = config.data.access
    if access is Access.public:
        return ok("data agreement", "public: text may be shown and logged")
    if access is Access.private:
        return ok("data agreement", "private: no report text leaves data/, models/, predictions/")
    return warn(
        "data agreement",
        "credentialed: no text in git, logs or MLflow; weights are private too",
        "use private remotes and trackers only (docs/privacy.md)",
    )


def check_store(root: Path, config: Config) -> Finding:
    """The tracking store answers and knows what the receipt of the register stage names."""
    uri = tracking_uri(config.tracking)
    seen = redacted(uri)
    path = sqlite_file(uri)
    store = None if path else open_store(config.tracking)
    found = glance(path) if path else Glance(exists=True, keys={})
    if not found.exists:
        seen += " (the first run makes it)"
    receipt = root / "models" / "registered.json"
    if not receipt.is_file():
        return ok("MLflow", seen)
    written = json.loads(receipt.read_text(encoding="utf-8"))
    name, version = written["registered_model"], str(written["version"])
    key = _key(store, name, version) if store else found.keys.get((name, version))
    if key != written["key"]:
        return warn(
            "MLflow",
            f"{seen} does not know {name} version {version} of models/registered.json",
            "run `dvc repro --force --single-item register`",
        )
    return ok("MLflow", f"{seen}, {name} version {version} is there")


def _key(store: Store, name: str, version: str) -> str | None:
    """The tag of a version in a store that only MLflow can read."""
    from mlflow.exceptions import MlflowException

    try:
        tag = store.client.get_model_version(name, version).tags.get(KEY)
    except MlflowException:
        return None
    return str(tag)


def _guarded(subject: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except RadimpressError as error:
        return fail(subject, *_split(error))
    except Exception as error:
        return fail(subject, f"the check broke: {type(error).__name__}", "please report it")


def _split(error: RadimpressError) -> tuple[str, str]:
    problem, _, step = str(error).partition("; next: ")
    return problem, step


def _installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
