import re

from typer.testing import CliRunner

from radimpress.cli import app
from radimpress.health.findings import Finding


def test_the_doctor_cuts_no_name_and_swallows_no_bracket(monkeypatch):
    bucket = "radimpress-123456789012-us-east-1-and-a-long-name"
    seen = [Finding("bucket", "fail", f"{bucket} is open", "pip install 'radimpress[dev]'")]
    monkeypatch.setattr("radimpress.commands.health._of_this_machine", lambda: seen)
    monkeypatch.setattr("radimpress.commands.console.out.width", 80)
    done = CliRunner().invoke(app, ["doctor"])
    assert done.exit_code == 1
    assert "…" not in done.stdout
    assert bucket in "".join(re.findall(r"radimpress-\S+|(?<=  )\S+-name", done.stdout))
    assert "radimpress[dev]" in done.stdout
