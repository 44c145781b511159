"""Commands are imported when they are asked for, and none is lost on the way."""

import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from radimpress.cli import COMMANDS, app
from radimpress.commands.lazy_group import LazyGroup, load


def imported_after(program):
    code = f"import sys\n{program}\nprint(*sorted(sys.modules), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines())


def test_every_place_of_the_table_is_a_command_of_its_function_s_name():
    group = get_command(app)
    names = group.list_commands(None)
    assert len(names) == len(set(names)) == sum(map(len, COMMANDS.values()))
    for panel, places in COMMANDS.items():
        for place in places:
            command = group.get_command(None, place.partition(":")[2].replace("_", "-"))
            assert command.name == place.partition(":")[2].replace("_", "-")
            assert command.rich_help_panel == panel


def test_a_name_that_is_no_command_is_none_and_a_near_miss_is_pointed_out():
    assert get_command(app).get_command(None, "sektions") is None
    said = CliRunner().invoke(app, ["sektions"])
    assert said.exit_code == 2
    assert "Did you mean 'sections'" in said.output


def test_two_groups_keep_their_own_tables():
    one, two = LazyGroup.of({"A": ["corpus:sections"]}), LazyGroup.of({"B": ["health:ui"]})
    assert (list(one.places), list(two.places)) == (["sections"], ["ui"])


def test_a_place_that_is_not_there_names_itself():
    with pytest.raises(AttributeError, match="nothing_such"):
        load("Reports", "corpus:nothing_such")


def test_one_command_imports_its_own_module_only_and_no_heavy_library():
    seen = imported_after(
        "from radimpress.cli import app\n"
        "try: app(['sections', '--help'])\nexcept SystemExit: pass\n"
    )
    assert "radimpress.commands.corpus" in seen
    assert not seen & {"radimpress.commands.registry", "radimpress.commands.health"}
    assert not seen & {"hydra", "omegaconf", "torch", "mlflow", "pandas", "sklearn", "numpy"}


def test_sections_of_one_report_take_no_numpy(tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("FINDINGS: Clear lungs.\nIMPRESSION: Normal chest.\n")
    seen = imported_after(
        "from radimpress.cli import app\n"
        f"try: app(['sections', {str(report)!r}])\nexcept SystemExit: pass\n"
    )
    assert "radimpress.corpus.robust_profile" in seen
    assert "numpy" not in seen


def test_help_of_all_commands_imports_no_heavy_library():
    seen = imported_after(
        "from radimpress.cli import app\ntry: app(['--help'])\nexcept SystemExit: pass\n"
    )
    assert "radimpress.commands.registry" in seen
    heavy = {"hydra", "omegaconf", "torch", "transformers", "mlflow", "pandas", "boto3", "numpy"}
    assert not seen & heavy


def test_a_group_of_commands_is_taken_as_it_is():
    group = load("Cloud", "cloud:cloud")
    assert (group.name, group.rich_help_panel) == ("cloud", "Cloud")
    assert "status" in group.commands
