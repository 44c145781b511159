"""Fixtures that every part shares."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from radimpress.config.load import compose
from radimpress.config.schema import Config

if TYPE_CHECKING:
    from loopback.server import Loopback
    from radimpress.tracking.store import Store

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # `make test &` in a script: inherited
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the package `loopback`


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what may take longest, so that no worker is left alone with it in the end."""

    def allowed(item: pytest.Item) -> float:
        marker = item.get_closest_marker("timeout")
        return marker.args[0] if marker else 0

    items.sort(key=allowed, reverse=True)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository under test."""
    return ROOT


@pytest.fixture(scope="session")
def indiana_half() -> Path:
    """Half of MEDIQA's indiana_dev.json: 952 real, public reports, not part of the project."""
    path = ROOT.parent / "shared" / "data" / "indiana_half.json"
    if not path.is_file():
        pytest.skip(f"the public reports are not at {path}")
    return path


@pytest.fixture(scope="session")
def store_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository root whose MLflow store is made once: its migrations take seconds."""
    return tmp_path_factory.mktemp("repository")


@pytest.fixture(scope="session")
def defaults(root: Path) -> Config:
    """The default configuration, composed once."""
    return compose(folder=root / "conf")


@pytest.fixture
def config(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    store_root: Path,
    defaults: Config,
    request: pytest.FixtureRequest,
) -> Config:
    """The default configuration, its runs in an experiment and a model named after the test."""
    monkeypatch.setenv("DVC_ROOT", str(store_root))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(root)
    config = deepcopy(defaults)
    name = request.node.name
    tracking = replace(config.tracking, experiment=name, registered_model=name)
    return replace(config, tracking=tracking)


@pytest.fixture
def store(config: Config) -> "Store":
    """The open local store of `config`."""
    from radimpress.tracking.store import open_store

    return open_store(config.tracking)


@pytest.fixture
def experiment(store: "Store", config: Config) -> str:
    """The id of the experiment of `config`."""
    return store.experiment(config.tracking.experiment, "a note")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model folder: a random T5 of some 20,000 weights that answers with some words."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    from radimpress.config.schema import ListNumbers
    from radimpress.modeling.folder import save_model
    from radimpress.modeling.prompt import Prompt
    from radimpress.modeling.recipe import Decoding, Recipe, TextCleaning
    from radimpress.modeling.tokenizer import train_tokenizer

    tokenizer = train_tokenizer(["No pleural effusion. The lungs are clear."] * 9, 300)
    torch.manual_seed(0)
    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    config = T5Config(
        **sizes,
        vocab_size=len(tokenizer),
        feed_forward_proj="gated-gelu",
        decoder_start_token_id=0,
        dropout_rate=0.0,
    )
    model = T5ForConditionalGeneration(config)
    with torch.no_grad():  # the letters are likelier than the bytes that are none
        model.shared.weight[tokenizer.convert_tokens_to_ids("l")] *= 4.0
    folder = tmp_path_factory.mktemp("real") / "model"
    prompt = Prompt("{findings}", max_source_tokens=256, max_target_tokens=32)
    cleaning = TextCleaning(ListNumbers.strip, "___")
    recipe = Recipe("t5_nano", "nothing", prompt, cleaning, Decoding(8), "f" * 64)
    save_model(folder, model, tokenizer, recipe)
    return folder


@pytest.fixture(scope="session")
def loopback_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Loopback"]:
    """The SageMaker on this machine, started once."""
    from loopback.server import Loopback

    with pytest.MonkeyPatch.context() as patch, Loopback(tmp_path_factory.mktemp("loopback")) as it:
        _read_once(patch)
        yield it


def _read_once(patch: pytest.MonkeyPatch) -> None:
    """Keep what botocore and the SDK read or check anew for each session: a third of the time."""
    import botocore.session
    from jsonschema import Draft202012Validator

    patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
    check, sound = Draft202012Validator.check_schema, set()

    def check_once(schema: Any, *more: Any, **named: Any) -> None:
        if (key := json.dumps(schema, sort_keys=True, default=repr)) not in sound:
            check(schema, *more, **named)
            sound.add(key)

    patch.setattr(Draft202012Validator, "check_schema", check_once)


@pytest.fixture
def loopback(loopback_server: "Loopback", monkeypatch: pytest.MonkeyPatch) -> Iterator["Loopback"]:
    """An empty AWS account on this machine that the environment leads to."""
    loopback_server.reset()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "RADIMPRESS_BUCKET", "RADIMPRESS_ROLE_ARN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in loopback_server.environment.items():
        monkeypatch.setenv(name, value)
    yield loopback_server
    loopback_server.reset()
