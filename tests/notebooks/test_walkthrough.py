"""The notebook: clean as committed, and run from its first cell to its last on the loopback."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from loopback.server import Loopback

PLACE = "notebooks/walkthrough.ipynb"


@pytest.fixture(scope="module")
def notebook(root: Path) -> nbformat.NotebookNode:
    return nbformat.read(root / PLACE, as_version=4)


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[Loopback]:
    with Loopback(tmp_path / "aws") as loop:
        yield loop


def executed(
    notebook: nbformat.NotebookNode, aws: Loopback, where: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Run it in `where`/notebooks; everything that its cells have printed."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    for name in ("MLFLOW_TRACKING_URI", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DVC_NO_ANALYTICS", "1")
    client = NotebookClient(
        notebook, timeout=1500, resources={"metadata": {"path": str(where / "notebooks")}}
    )
    client.execute()
    return "".join(
        output.get("text", "")
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


def test_it_is_committed_without_outputs(notebook: nbformat.NotebookNode) -> None:
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert len(code) >= 12
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert all(len(cell.source.splitlines()) <= 20 for cell in code)
    nbformat.validate(notebook)


def test_its_last_act_is_to_take_everything_down(notebook: nbformat.NotebookNode) -> None:
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert '"radimpress", "teardown", "--yes"' in sources[-2]


@pytest.mark.slow
def test_a_cell_that_fails_takes_everything_down(
    notebook: nbformat.NotebookNode,
    aws: Loopback,
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "notebooks").mkdir()
    shutil.copy(root / "params.yaml", tmp_path)
    client, bucket = aws.client("sagemaker"), [{"Key": "radimpress:project", "Value": "radimpress"}]
    client.create_pipeline(
        PipelineName="radimpress-pipeline",
        PipelineDefinition="{}",
        RoleArn=f"arn:aws:iam::{'1' * 12}:role/r",
        ClientRequestToken="t" * 32,
        Tags=bucket,
    )
    start = [cell for cell in notebook.cells if cell.cell_type == "code"][:2]
    broken = nbformat.v4.new_notebook(
        cells=[*start, nbformat.v4.new_code_cell("1 / 0")], metadata=notebook.metadata
    )
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        executed(broken, aws, tmp_path, monkeypatch)
    assert client.list_pipelines()["PipelineSummaries"] == []


@pytest.fixture
def clone(root: Path, tmp_path: Path) -> Path:
    """A copy of the working tree (committed or not) as a repository of its own."""
    target = tmp_path / "radimpress"
    command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (root / name).is_file() and name != "dvc.lock":
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, target / name)
    identity = ["-c", "user.email=tests@radimpress.invalid", "-c", "user.name=tests"]
    for words in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "the tree"]):
        subprocess.run(["git", *words], cwd=target, check=True)
    return target


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_it_runs_from_the_data_to_the_comparison_and_leaves_nothing(
    notebook: nbformat.NotebookNode,
    aws: Loopback,
    clone: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(clone / "src"))
    said = executed(notebook, aws, clone, monkeypatch)
    assert "registered radimpress version 1 as challenger" in said
    assert "version 1 is champion" in said
    for system in ("endpoint_pretrained", "endpoint_finetuned", "constant"):
        assert f"{system:20} rougeL 0." in said
    assert "nothing is left that costs by the hour" in said
    client = aws.client("sagemaker")
    assert client.list_endpoints()["Endpoints"] == []
    assert client.list_models()["Models"] == []
