"""Copies of the repository in which users' commands are run for real."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
# Every process of the pipeline leaves the names of the radimpress modules it loaded.
SITECUSTOMIZE = """
import atexit, os, sys
def note():
    folder = os.environ.get("RADIMPRESS_TEST_MODULES")
    stage = os.path.basename(sys.argv[0]).removesuffix(".py") if sys.argv else ""
    names = sorted(n for n in sys.modules if n.split(".")[0] == "radimpress")
    if folder and stage and names:
        with open(os.path.join(folder, stage), "a") as stream:
            stream.write("\\n".join(names) + "\\n")
atexit.register(note)
"""


@dataclass(frozen=True)
class Clone:
    """A copy of the working tree under git, with its own stores."""

    root: Path
    extra: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """As a user has it after activating the environment, one thread, no other store."""
        dropped = (
            "MLFLOW_TRACKING_URI",
            "MLFLOW_REGISTRY_URI",
            "DVC_ROOT",
            "PYTHONPATH",
            "COV_CORE_SOURCE",
        )
        kept = {k: v for k, v in os.environ.items() if k not in dropped}
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        return {**kept, "PATH": path, "COLUMNS": "120", "DVC_NO_ANALYTICS": "1", **self.extra}

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command line in the clone; its output stands in the failure."""
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if check:
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Start a command line in a process group of its own."""
        return subprocess.Popen(
            command,
            cwd=self.root,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def read(self, name: str) -> str:
        """The text of a file of the clone."""
        return (self.root / name).read_text(encoding="utf-8")

    def commit(self, message: str) -> None:
        """Commit everything that git does not ignore."""
        self.run("git", "add", "-A")
        self.run("git", "commit", "-qm", message)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what looks at one finished pipeline in one worker, so that it is run once."""
    for item in items:
        if "smoke" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("smoke"))
        elif "private" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("private"))


@pytest.fixture(scope="session")
def make_clone(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, list[str]], Clone]:
    """Copy the working tree (committed or not) to a new repository, params.yaml composed anew."""

    def make(name: str, overrides: list[str]) -> Clone:
        target = tmp_path_factory.mktemp(name) / "radimpress"
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "-z"],
            cwd=root,
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split("\0")
        for file in filter(None, listed):
            if (root / file).is_file() and file != "dvc.lock":
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / file, target / file)
        site = target.parent / "site"
        modules = target.parent / "modules"
        site.mkdir()
        modules.mkdir()
        (site / "sitecustomize.py").write_text(SITECUSTOMIZE)
        clone = Clone(
            target,
            {
                "PYTHONPATH": str(site),
                "RADIMPRESS_TEST_MODULES": str(modules),
                "MKL_CBWR": "COMPATIBLE",
            },
        )
        clone.run("git", "init", "-q", "-b", "main")
        clone.run("git", "config", "user.email", "tests@radimpress.invalid")
        clone.run("git", "config", "user.name", "tests")
        clone.run("python", "pipelines/compose_params.py", *overrides)
        clone.commit("the tree under test")
        return clone

    return make


@pytest.fixture(scope="session")
def smoke(make_clone: Callable[[str, list[str]], Clone]) -> Clone:
    """The whole pipeline, run once with experiment=smoke; tests only look at it."""
    clone = make_clone("smoke", ["experiment=smoke", "compute.threads=1"])
    done = clone.run("dvc", "repro")
    (clone.root.parent / "first.log").write_text(done.stdout + done.stderr)
    return clone
