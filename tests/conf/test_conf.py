"""Every YAML below conf/ composes, passes the rules, and opens with the command that uses it."""

import re
from functools import cache
from pathlib import Path

import pytest

from radimpress.cloud.planning import plan
from radimpress.cloud.planning.data_size import data_size
from radimpress.config import load
from radimpress.config.rules import check

CONF = Path(__file__).resolve().parents[2] / "conf"
COMMANDS = ("# dvc exp run -S ", "# radimpress ", "# make params")
FILES = sorted(CONF.rglob("*.yaml"))


@cache
def compose(*overrides):
    """What several tests ask for is composed once."""
    return load.compose(overrides)


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch, root):
    monkeypatch.chdir(root)


def test_no_file_escapes_these_tests():
    assert len(FILES) >= 35


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(CONF)))
def test_a_file_composes_and_passes_every_rule(path):
    group = path.parent.relative_to(CONF).as_posix()
    config = compose() if group == "." else compose(f"{group}={path.stem}")
    assert [p for p in check(config) if p.refused] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(CONF)))
def test_a_file_opens_with_the_command_that_uses_it(path):
    lines = [line for line in path.read_text().splitlines() if line != "# @package _global_"]
    group = path.parent.relative_to(CONF).as_posix()
    if group == ".":
        assert lines[0].startswith("# make params")
    else:
        assert lines[0].startswith(COMMANDS)
        assert path.stem in lines[0] or f"{group}=" in lines[0]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(CONF)))
def test_the_command_of_a_file_composes(path):
    lines = path.read_text().splitlines()
    command = next(line for line in lines if line.startswith(COMMANDS))
    words = re.split(r"[(;]", command)[0].split()
    compose(*(word for word in words if "=" in word))


def test_each_experiment_that_the_documentation_names_is_there():
    names = {path.stem for path in (CONF / "experiment").glob("*.yaml")}
    assert {
        "tiny",
        "smoke",
        "mimic_flan_t5_xl",
        "aws_blog_reproduction",
        "lora",
        "indiana",
    } <= names


def test_the_reference_work_is_reproduced_to_the_letter():
    config = compose("experiment=aws_blog_reproduction")
    instruction, findings = config.model.prompt.split(" Findings: ")
    assert instruction == ("Generate radiology report impressions based on the following findings.")
    assert findings == "{findings}"
    assert (config.training.epochs, config.model.max_target_tokens) == (3, 128)
    assert (config.generation.max_new_tokens, config.generation.num_beams) == (80, 10)


def test_the_pinned_revisions_are_commits():
    for path in (CONF / "model").glob("flan_t5_*.yaml"):
        config = compose(f"model={path.stem}")
        assert config.model.revision is not None
        assert len(config.model.revision) == 40
        assert set(config.model.revision) <= set("0123456789abcdef")


PARTS = ("weights", "gradients", "optimizer", "activations", "copies")
CALCULATED = [path for path in FILES if "# Memory in GiB a GPU" in path.read_text()]


@pytest.mark.parametrize("path", CALCULATED, ids=lambda p: p.stem)
def test_a_preset_states_the_memory_that_its_plan_calculates(path, tmp_path):
    command = path.read_text().splitlines()[0]
    config = compose(*re.findall(r"-S (\S+)", command))
    no_splits = tmp_path  # a finished pipeline's would be measured instead
    made = plan(config, data_size(config, no_splits))
    numbers = [getattr(made.memory, part) for part in PARTS]
    parts, total, available = (
        " + ".join(f"{number / 2**30:.1f}" for number in numbers),
        made.memory.total / 2**30,
        made.available / 2**30,
    )
    assert f"# {parts} = {total:.1f} of {available:.1f} at " in path.read_text()


def test_every_preset_with_gpus_of_its_own_states_its_memory():
    assert len(CALCULATED) >= 7
