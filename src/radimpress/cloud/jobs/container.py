"""The program of a job: lays the channels out as a checkout, and runs the same stage program.

It starts in an image that holds Python and torch, and may hold nothing else of ours, so this module
and what it imports need the standard library alone.
"""

import json
import os
import shutil
import signal
import sys
import zipfile
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from radimpress.cloud.jobs.lines import ERROR, told
from radimpress.cloud.jobs.program import started
from radimpress.cloud.jobs.requirements import RequirementsError, install_missing
from radimpress.cloud.sweeps.hyperparameters import apply, objective_line, read_hyperparameters
from radimpress.runtime.digests import file_sha256

FAILURE_BYTES = 1000  # AWS shows 1,024 characters of a reason, with words of its own
SHOWN_LINES = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """SageMaker's folders below `ml`, and the checkout that is laid out from them."""

    ml: Path  # /opt/ml

    @property
    def code(self) -> Path:
        """The channel with the wheel and the programs."""
        return self.ml / "input/data/code"

    @property
    def settings(self) -> Path:
        """The channel with params.yaml, job.json and lineage.json."""
        return self.ml / "input/data/config"

    @property
    def work(self) -> Path:
        """The working directory of the stage."""
        return self.ml / "work"

    @property
    def model(self) -> Path:
        """What SageMaker puts into S3 at the end."""
        return self.ml / "model"

    @property
    def failure(self) -> Path:
        """What SageMaker shows as the reason of a failure."""
        return self.ml / "output/failure"


@dataclass(frozen=True, slots=True)
class Hosts:
    """The machines of this job, as SageMaker names them."""

    names: tuple[str, ...]
    here: str
    network: str  # the interface by which they see each other

    @property
    def rank(self) -> int:
        """The number of this machine, from 0; the first one writes the model."""
        return self.names.index(self.here)

    def variables(self) -> dict[str, str]:
        """What `radimpress.modeling.distributed` needs to know."""
        if len(self.names) == 1:
            return {}
        return {
            "RADIMPRESS_NODES": str(len(self.names)),
            "RADIMPRESS_NODE": str(self.rank),
            "RADIMPRESS_MAIN_NODE": self.names[0],
            "RADIMPRESS_THIS_NODE": self.here,
            "RADIMPRESS_NETWORK": self.network,
        }


def main(ml: Path) -> int:
    """Run the job that the channels below `ml` describe; its exit status.

    Whatever goes wrong stands in the failure file, which AWS shows as the reason.
    """
    layout = Layout(ml)
    try:
        return _run(layout)
    except RequirementsError as error:
        return _fail(layout, f"{ERROR}{error}", 1)
    except Exception as error:
        # a message of Python's or of a library could quote what it read
        return _fail(layout, f"{ERROR}{type(error).__name__} in the job's own program", 70)


def _run(layout: Layout) -> int:
    job = json.loads((layout.settings / "job.json").read_text(encoding="utf-8"))
    hosts = read_hosts(layout.ml / "input/config/resourceconfig.json")
    install_missing(layout.code, job["isolated"])
    lay_out(layout, job["inputs"], os.environ.get("RADIMPRESS_CHECKPOINTS"))
    if swept := read_hyperparameters(layout.ml / "input/config/hyperparameters.json"):
        apply(swept, layout.work / "params.yaml")
    program = [sys.executable, "-u", f"pipelines/{job['stage']}.py"]
    variables = hosts.variables() | {
        "RADIMPRESS_JOB": os.environ.get("TRAINING_JOB_NAME", "job"),
        "RADIMPRESS_RECORD_LINES": "1",
    }
    status, last = _relay(program, layout.work, variables)
    if status:
        return _fail(layout, reason(last), status)
    if hosts.rank == 0:
        if swept:
            print(objective_line(layout.work), flush=True)
        give_back(layout, job["outs"])
    return 0


def read_hosts(path: Path) -> Hosts:
    """Read SageMaker's resourceconfig.json."""
    plain = json.loads(path.read_text(encoding="utf-8"))
    interface = plain.get("network_interface_name", "eth0")
    return Hosts(tuple(sorted(plain["hosts"], key=_number)), plain["current_host"], interface)


def _number(host: str) -> tuple[int, str]:
    digits = host.rpartition("-")[2]
    return (int(digits) if digits.isdigit() else 0, host)


def lay_out(layout: Layout, inputs: Mapping[str, str], checkpoints: str | None) -> None:
    """Make `layout.work` look like a checkout in which everything before the stage was run.

    `inputs`: channel -> where the stage looks for it. Channels are linked, not copied.
    """
    work = layout.work
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with zipfile.ZipFile(next(layout.code.glob("*.whl"))) as wheel:
        wheel.extractall(work / "src")
    # copied and not linked: a program finds its source beside its own real path
    shutil.copytree(layout.code / "pipelines", work / "pipelines")
    for name in ("params.yaml", "lineage.json"):
        shutil.copyfile(layout.settings / name, work / name)
    for channel, target in inputs.items():
        _link(work / target, layout.ml / "input/data" / channel)
    (work / "dvc.yaml").touch()  # stores belong here
    if checkpoints:
        Path(checkpoints).mkdir(parents=True, exist_ok=True)
        _link(work / "checkpoints", Path(checkpoints))


def _link(at: Path, to: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    if not at.exists():
        at.symlink_to(to)


def give_back(layout: Layout, outs: list[str]) -> None:
    """Move what the stage made to where SageMaker takes it from, with the sha256 of each file."""
    for out in outs:
        target = layout.model / out
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(layout.work / out, target)
    files = sorted(path for path in layout.model.rglob("*") if path.is_file())
    digests = {p.relative_to(layout.model).as_posix(): file_sha256(p) for p in files}
    text = json.dumps({"files": digests}, indent=2, sort_keys=True) + "\n"
    (layout.model / "manifest.json").write_text(text, encoding="utf-8")


def reason(last: "deque[str] | list[str]") -> str:
    """The stage's own line about what went wrong, else its last lines."""
    errors = [line for line in last if line.startswith(ERROR)]
    return errors[-1] if errors else "\n".join(list(last)[-SHOWN_LINES:])


def _relay(
    program: list[str], work: Path, variables: Mapping[str, str]
) -> "tuple[int, deque[str]]":
    """Run `program`, mark each of its lines as ours, and pass signals on; status and last lines."""
    last: deque[str] = deque(maxlen=50)
    with started(program, work, os.environ | dict(variables)) as child:
        signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGINT))
        for line in child.stdout or ():
            last.append(line.rstrip("\n"))
            print(told(line.rstrip("\n")), flush=True)
    return child.returncode, last


def _fail(layout: Layout, why: str, status: int) -> int:
    layout.failure.parent.mkdir(parents=True, exist_ok=True)
    layout.failure.write_text(why[:FAILURE_BYTES], encoding="utf-8")
    print(told(why), flush=True)
    return status if 0 < status < 256 else 1
