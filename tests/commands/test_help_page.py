"""The page of all commands is whole, also in a narrow terminal."""

import subprocess
import sys

from typer.testing import CliRunner

from radimpress.cli import COMMANDS, app
from radimpress.commands.help_page import first_paragraph


def test_the_page_lists_panels_in_order_with_every_command_and_option():
    page = CliRunner().invoke(app, ["--help"]).output
    places = [page.index(f"─ {panel} ─") for panel in ("Options", *COMMANDS)]
    assert places == sorted(places)
    assert "Usage: " in page
    assert "--version" in page
    assert "-h, --help" in page or "--help, -h" in page
    assert "Show what the parser makes of one raw report" in " ".join(page.split())


def test_no_arguments_show_the_same_page():
    runner = CliRunner()
    bare, asked = runner.invoke(app, []).output, runner.invoke(app, ["--help"]).output
    assert bare.rstrip() == asked.rstrip()


def test_square_brackets_in_help_are_shown_as_they_are():
    code = (
        "from radimpress.commands.help_page import show_help\n"
        "show_help('Usage: x [OPTIONS]', 'About [1].', [('--a', 'b [c]')], {'P': [('d', '[e]')]})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for shown in ("[OPTIONS]", "About [1].", "b [c]", "[e]"):
        assert shown in done.stdout


def test_a_docstring_s_first_paragraph_is_one_line():
    assert first_paragraph("Score it,\n  all of it.\n\nDetails.") == "Score it, all of it."
    assert first_paragraph("") == ""
