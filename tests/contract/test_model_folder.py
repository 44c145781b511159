"""What others may rely on in a model folder: plain transformers, safe files, one recipe."""

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, T5Config, T5ForConditionalGeneration

from radimpress.config.schema import Compute, Config, Device, Generation, Model, Origin, Tiny
from radimpress.corpus.report import Report, read_predictions, write_reports
from radimpress.modeling.foundation import make_foundation
from radimpress.modeling.generate_stage import generate_predictions
from radimpress.modeling.summarizer import Summarizer
from radimpress.modeling.tokenizer import train_tokenizer

TEXTS = ["The heart is normal in size.", "Small left effusion.", "No acute abnormality."]
PROMPT = "summarize the radiology findings into an impression: {findings}"


def tiny_config() -> Config:
    tiny = Tiny(d_model=16, heads=2, d_ff=16, layers=1, vocabulary=300, reports=64, epochs=1)
    return Config(
        model=Model(name="t5_nano", origin=Origin.tiny, tiny=tiny, max_source_tokens=320),
        compute=Compute(device=Device.cpu, threads=1),
        generation=Generation(max_new_tokens=8, systems=["lead", "foundation"]),
    )


def flan_config(folder: Path) -> Config:
    """A random checkpoint of FLAN's layout, saved by transformers as the hub's were."""
    torch.manual_seed(0)
    tokenizer = train_tokenizer(TEXTS, 300)
    config = T5Config(
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2,
        feed_forward_proj="gated-gelu", tie_word_embeddings=False, decoder_start_token_id=0,
    )  # fmt: skip
    model = T5ForConditionalGeneration(config)
    model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.shared.weight))
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    config = tiny_config()
    config.model = Model(name="flan_nano", path=str(folder), prompt=PROMPT)
    return config


@pytest.fixture(params=["tiny", "flan"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    return tiny_config() if request.param == "tiny" else flan_config(tmp_path / "flan")


@pytest.fixture
def folder(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    make_foundation(config, tmp_path / "models" / "foundation")
    return tmp_path / "models" / "foundation"


def test_plain_transformers_writes_what_radimpress_writes(config: Config, folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    text = config.model.prompt.format(findings=TEXTS[0])
    ids = model.generate(**tokenizer(text, return_tensors="pt"), max_new_tokens=8, do_sample=False)
    plain = " ".join(tokenizer.decode(ids[0], skip_special_tokens=True).split())
    assert Summarizer.from_folder(folder, "cpu").summarize([TEXTS[0]])[0].prediction == plain


def test_weights_are_safetensors_and_nothing_in_the_folder_is_pickle_or_code(folder: Path) -> None:
    assert {path.suffix for path in folder.iterdir()} == {".json", ".safetensors"}
    with safe_open(folder / "model.safetensors", "pt") as weights:
        assert "shared.weight" in weights.keys()  # noqa: SIM118 - a safetensors file is no dict


def test_the_config_says_what_every_reader_needs(folder: Path) -> None:
    written = json.loads((folder / "config.json").read_text())
    with safe_open(folder / "model.safetensors", "pt") as weights:
        has_head = "lm_head.weight" in weights.keys()  # noqa: SIM118
    assert written["model_type"] == "t5"
    assert written["decoder_start_token_id"] == 0
    assert written["tie_word_embeddings"] is not has_head


def test_radimpress_json_keeps_its_fields(folder: Path) -> None:
    recipe = json.loads((folder / "radimpress.json").read_text())
    assert sorted(recipe) == [
        "base", "cleaning", "decoding", "fingerprint", "format", "model", "prompt",
        "states_omissions",
    ]  # fmt: skip
    assert sorted(recipe["prompt"]) == [
        "max_source_tokens", "max_target_tokens", "retrieval", "template",
    ]  # fmt: skip
    assert sorted(recipe["cleaning"]) == ["list_numbers", "placeholder"]
    assert len(recipe["fingerprint"]) == 64


def test_the_folder_generates_as_a_system_of_the_pipeline(
    config: Config, folder: Path, tmp_path: Path
) -> None:
    reports = [Report(f"s{i}", "", "invented", "", text, "Normal.") for i, text in enumerate(TEXTS)]
    for split in ("train", "test"):
        write_reports(tmp_path / "splits" / f"{split}.parquet", reports)
    generate_predictions(config, folder.parent, tmp_path / "splits", tmp_path / "predictions")
    rows = read_predictions(tmp_path / "predictions" / "foundation" / "test.parquet")
    assert rows == Summarizer.from_folder(folder, "cpu").summarize(
        TEXTS, study_ids=["s0", "s1", "s2"]
    )
