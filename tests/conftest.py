"""Fixtures that every part shares."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository under test."""
    return ROOT


@pytest.fixture(scope="session")
def indiana_half() -> Path:
    """Half of MEDIQA's indiana_dev.json: 952 real, public reports that are not part of the project."""
    path = ROOT.parent / "shared" / "data" / "indiana_half.json"
    if not path.is_file():
        pytest.skip(f"the public reports are not at {path}")
    return path
