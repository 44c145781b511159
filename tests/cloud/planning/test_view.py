import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from radimpress.cloud.instances import INSTANCES, instance
from radimpress.cloud.planning import plan, show
from radimpress.cloud.planning.view import as_dict, show_all, show_machines
from radimpress.config.load import compose


@pytest.fixture(autouse=True)
def _here(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)


def text(renderable: object, width: int = 220) -> str:
    page = io.StringIO()
    Console(file=page, width=width).print(renderable)
    return page.getvalue()


def on(machine: str, *more: str):
    return plan(
        compose(
            [
                *("model=flan_t5_xl", "training=flan", "data=mediqa", "compute=gpu_fsdp"),
                *("compute.place=sagemaker", f"compute.job.instance_type={machine}", *more),
            ]
        )
    )


def test_one_plan_shows_its_numbers_its_assumptions_and_its_refusals() -> None:
    made = on("ml.p3.16xlarge")
    page = text(show(made))
    for expected in (
        *("2,849,757,184", "4,293 (3.0 epochs)", "of 14.1 GiB", "fits", "60% of 15.7 TFLOP/s"),
        *("MEDIQA 2021 task 3", "list of 2026-09-27", "refused as a job: ml.p3.16xlarge"),
        f"${made.usd:,.2f}",
    ):
        assert expected in page


def test_the_comparison_has_the_cheapest_first_and_says_what_was_refused() -> None:
    plans = [on("ml.g5.48xlarge"), on("ml.p4d.24xlarge"), plan(compose(["model=flan_t5_xl"]))]
    page = text(show_all(plans, {"broken": "does not compose"}))
    assert page.index("ml.p4d.24xlarge") < page.index("ml.g5.48xlarge") < page.index("this machine")
    assert "broken: does not compose" in page


def test_what_speaks_against_machines_is_said_once_and_of_cpus_in_one_row() -> None:
    old = on("ml.p3.16xlarge")
    cpus = [
        replace(on("ml.p4d.24xlarge"), compute=name, instance=instance(machine), problems=problems)
        for name, machine, problems in (
            ("small", "ml.m5.large", ("a step needs 279 GiB", "1653.0 hours are expected")),
            ("large", "ml.m5.2xlarge", ("a step needs 279 GiB",)),
            ("dear", "ml.m5.2xlarge", ("$9.00 are expected",)),
        )
    ]
    page = text(show_all([replace(old, compute="a"), replace(old, compute="b"), *cpus], {}))
    assert page.count("AWS asked to leave P3") == 1
    assert "a, b: ml.p3.16xlarge: AWS asked" in page
    assert "CPUs that are not up to it: small, large\n" in page.replace(" \n", "\n")
    assert "279 GiB" not in page


def test_the_comparison_cuts_no_name_in_eighty_columns() -> None:
    long = replace(on("ml.p4d.24xlarge"), compute="sagemaker_loopback_2nodes", nodes=2)
    page = text(show_all([long, plan(compose(["model=flan_t5_xl"]))], {}), width=80)
    assert "sagemaker_loopback_2nodes" in page
    assert "2 x ml.p4d.24xlarge" in page
    assert "…" not in page


def test_the_machines_are_all_there() -> None:
    page = text(show_machines(list(INSTANCES.values())))
    assert all(name in page for name in INSTANCES)
    assert page.count("retired") == 3


def test_json_holds_what_the_table_shows() -> None:
    made = on("ml.p4d.24xlarge")
    back = json.loads(json.dumps(as_dict(made)))
    assert back["usd"] == pytest.approx(made.usd)
    assert back["memory"]["weights"] == made.memory.weights
    assert (back["fits"], back["bound"]) == (True, made.step.bound)
    assert back["hours"]["steps"] == made.hours.steps
