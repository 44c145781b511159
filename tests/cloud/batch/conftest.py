"""A small corpus in a file, and a configuration that runs its batch on the loopback."""

import json
from pathlib import Path

import pytest

from radimpress.config.load import compose
from radimpress.config.schema import Config

FINDINGS = ("Clear lungs.", "1. Left effusion. 2. No pneumothorax.", "", "Heart is large.")


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ten reports in JSONL, one of them without findings, all in a repository of their own."""
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    rows = [
        {"study_id": f"s{n}", "background": "cough", "findings": FINDINGS[n % 4]} for n in range(10)
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


@pytest.fixture
def here(root: Path) -> Config:
    """This machine."""
    return compose(["generation.max_new_tokens=8", "compute.threads=1"], root / "conf")


@pytest.fixture
def there(root: Path) -> Config:
    """The loopback."""
    return compose(["compute=sagemaker_loopback", "generation.max_new_tokens=8"], root / "conf")
