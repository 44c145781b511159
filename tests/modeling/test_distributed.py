import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from radimpress.config.schema import Compute, Device
from radimpress.modeling.distributed import (
    Nodes,
    from_all,
    is_main,
    launch,
    must_launch,
    one_voice,
    process,
    processes,
)
from radimpress.runtime.errors import RadimpressError, next_step

TWO = Compute(device=Device.cpu, processes=2)


@pytest.fixture
def second_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "3")
    monkeypatch.setenv("RANK", "1")


def test_alone_a_process_is_the_main_one() -> None:
    assert (process(), processes(), is_main()) == (0, 1, True)


@pytest.mark.usefixtures("second_of_three")
def test_torchrun_says_who_is_who() -> None:
    assert (process(), processes(), is_main()) == (1, 3, False)


def test_only_a_plain_start_of_several_processes_launches() -> None:
    assert must_launch(TWO)
    assert not must_launch(Compute())


@pytest.mark.usefixtures("second_of_three")
def test_a_launched_process_does_not_launch_again() -> None:
    assert not must_launch(TWO)


def test_launch_starts_the_program_once_a_process_with_its_arguments(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import os, pathlib, sys\n"
        "name = os.environ['RANK'] + '-of-' + os.environ['WORLD_SIZE']\n"
        "pathlib.Path(sys.argv[1], name).write_text(sys.argv[2])\n"
    )
    assert launch(TWO, [str(program), str(tmp_path), "a=b c"]) == 0
    assert (tmp_path / "0-of-2").read_text() == "a=b c"
    assert (tmp_path / "1-of-2").read_text() == "a=b c"


def test_a_failing_process_ends_the_others_and_gives_its_status_without_a_page_of_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys, time\n"
        "if os.environ['RANK'] == '0':\n"
        "    sys.exit('error: one line')\n"
        "time.sleep(60)\n"
    )
    assert launch(TWO, [str(program)]) == 1
    assert capfd.readouterr().err == "error: one line\n"


def test_more_processes_than_gpus_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    with pytest.raises(RadimpressError, match=r"8, but there are 4 GPUs.*compute\.processes=4"):
        launch(Compute(device=Device.cuda, processes=8), [sys.argv[0]])


@pytest.mark.parametrize(
    ("error", "status"), [(next_step("bad", "mend it"), 1), (KeyboardInterrupt(), 130)]
)
def test_the_main_process_says_what_ends_them_all_and_the_others_end_quietly(
    error: BaseException,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(type(error)), one_voice():
        raise error
    monkeypatch.setenv("RANK", "1")
    with pytest.raises(SystemExit) as ended, one_voice():
        raise error
    assert ended.value.code == status
    assert capsys.readouterr().err == ""


def test_alone_there_is_one_machine() -> None:
    assert Nodes.of_environment() == Nodes()
    assert from_all("mine") == ["mine"]


def test_a_job_says_which_machines_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"NODES": "2", "NODE": "1", "MAIN_NODE": "algo-1", "THIS_NODE": "algo-2"}
    for name, value in {**names, "NETWORK": "eth0"}.items():
        monkeypatch.setenv(f"RADIMPRESS_{name}", value)
    assert Nodes.of_environment() == Nodes(2, 1, "algo-1", "algo-2", "eth0")


@pytest.mark.slow
def test_machines_meet_and_each_starts_its_share(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import os, pathlib, torch.distributed as d\n"
        "from radimpress.modeling.distributed import from_all\n"
        "d.init_process_group('gloo')\n"
        "every = from_all({os.environ['RANK']: os.environ['RADIMPRESS_NODE']})\n"
        f"pathlib.Path({str(tmp_path)!r}, os.environ['RANK']).write_text(repr(every))\n"
        "d.destroy_process_group()\n"
    )
    start = (
        "import sys; from radimpress.config.schema import *\n"
        "from radimpress.modeling import distributed\n"
        f"distributed.PORT = {free_port()}\n"
        "sys.exit(distributed.launch(Compute(device=Device.cpu, nodes=2, processes=4), "
        f"[{str(program)!r}]))\n"
    )
    shared = {"RADIMPRESS_NODES": "2", "RADIMPRESS_MAIN_NODE": "127.0.0.1"}
    shared |= {"RADIMPRESS_THIS_NODE": "127.0.0.1", "RADIMPRESS_NETWORK": "lo"}
    machines = [
        subprocess.Popen(
            [sys.executable, "-c", start],
            env={**os.environ, **shared, "RADIMPRESS_NODE": str(rank)},
        )
        for rank in range(2)
    ]
    assert [machine.wait(120) for machine in machines] == [0, 0]
    expected = repr([{"0": "0"}, {"1": "0"}, {"2": "1"}, {"3": "1"}])
    assert {(tmp_path / str(rank)).read_text() for rank in range(4)} == {expected}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
