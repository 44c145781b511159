"""dvc.yaml against what stages do: a changed helper must make its stages run again."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
# These decide only where a result is made, recorded, judged or served (docs/pipeline.md).
NO_PARAMETER = {"cloud", "compute", "deployment", "tracking", "promotion", "serving"}


def stage_names(items):
    return {item if isinstance(item, str) else next(iter(item)) for item in items or []}


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_depends_on_its_own_program(name):
    assert f"pipelines/{name}.py" in STAGES[name]["deps"]
    assert STAGES[name]["cmd"] == f"python pipelines/{name}.py"


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_says_what_it_does(name):
    assert len(STAGES[name]["desc"]) > 15


def test_every_input_from_another_stage_is_an_output_of_it():
    made = {
        path
        for stage in STAGES.values()
        for kind in ("outs", "metrics")
        for path in stage_names(stage.get(kind))
    }
    for name, stage in STAGES.items():
        for dependency in stage["deps"]:
            if dependency.startswith(("data/", "models/", "reports/")):
                assert dependency in made, f"{name}: {dependency}"


def test_parameters_exist():
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    for stage in STAGES.values():
        for dotted in stage.get("params", []):
            value = params
            for key in dotted.split("."):
                assert key in value, dotted
                value = value[key]


def test_every_section_but_the_place_of_computation_decides_some_stage():
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    named = {p.split(".")[0] for stage in STAGES.values() for p in stage.get("params", [])}
    assert set(params) - named <= NO_PARAMETER
