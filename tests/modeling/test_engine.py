import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.config.schema import Device, Precision
from radimpress.config.serving import Engine
from radimpress.corpus.report import Report
from radimpress.modeling import conversion
from radimpress.modeling.engine import run_model
from radimpress.modeling.folder import save_model
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import Decoding, Recipe
from radimpress.runtime.errors import RadimpressError

Make = Callable[..., T5ForConditionalGeneration]
SOURCES = [[5, 9, 1], [7] * 12 + [1], [30, 31, 32, 1]]


@pytest.fixture
def folder(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    save_model(tmp_path / "models" / "m", make_t5(flan=True), tokenizer, recipe)
    return tmp_path / "models" / "m"


@pytest.fixture(autouse=True)
def _no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 0)


def refuse(*_: object) -> None:
    raise RadimpressError("CTranslate2 cannot run it")


def test_auto_is_ctranslate2_on_a_cpu(folder: Path) -> None:
    assert run_model(folder, Engine.auto).engine is Engine.ctranslate2
    assert run_model(folder, Engine.auto, Device.cpu).engine is Engine.ctranslate2
    assert run_model(folder, Engine.transformers, Device.cpu).engine is Engine.transformers


def test_both_engines_write_the_same(folder: Path) -> None:
    fast = run_model(folder, Engine.ctranslate2).decoder
    slow = run_model(folder, Engine.transformers, Device.cpu).decoder
    for decoding in (Decoding(12), Decoding(12, num_beams=3)):
        assert fast.decode(SOURCES, decoding) == slow.decode(SOURCES, decoding)


def test_auto_takes_transformers_where_nothing_converts_and_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(conversion, "_convert", refuse)
    assert run_model(folder, Engine.auto, Device.cpu).engine is Engine.transformers
    assert caplog.messages == ["CTranslate2 cannot run it"]
    with pytest.raises(RadimpressError, match="CTranslate2 cannot run it"):
        run_model(folder, Engine.ctranslate2)


def test_auto_takes_transformers_for_a_recipe_that_ctranslate2_would_decode_otherwise(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    odd = Decoding(9, num_beams=2, no_repeat_ngram_size=3)
    assert run_model(folder, Engine.auto, decoding=odd).engine is Engine.transformers
    assert caplog.messages == [
        "transformers generates: CTranslate2 would differ in no_repeat_ngram_size=3"
    ]


def test_one_request_that_ctranslate2_would_decode_otherwise_goes_to_transformers(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    fast = run_model(folder, Engine.ctranslate2).decoder
    slow = run_model(folder, Engine.transformers, Device.cpu).decoder
    odd = Decoding(9, num_beams=2, no_repeat_ngram_size=2)
    for _ in range(2):
        assert fast.decode(SOURCES, odd) == slow.decode(SOURCES, odd)
    assert caplog.messages == [
        "transformers is loaded beside CTranslate2 for no_repeat_ngram_size=2"
    ]


def test_a_gpu_and_bf16_are_for_transformers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bf16 = run_model(folder, Engine.auto, Device.cpu, Precision.bf16)
    assert bf16.engine is Engine.transformers
    with pytest.raises(RadimpressError, match="ctranslate2 runs on the CPU"):
        run_model(folder, Engine.ctranslate2, Device.cuda)
    with pytest.raises(RadimpressError, match="T5 overflows in fp16"):
        run_model(folder, Engine.auto, Device.cpu, Precision.fp16)


def test_a_gpu_that_torch_cannot_use_is_no_gpu(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ctranslate2.get_cuda_device_count", lambda: 1)
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert run_model(folder, Engine.auto).engine is Engine.ctranslate2


def test_neighbours_come_along(
    tmp_path: Path,
    folder: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    reports: list[Report],
) -> None:
    near = replace(recipe, prompt=Prompt("{neighbours} {findings}", 64, 32, retrieval=1))
    save_model(folder, make_t5(flan=True), tokenizer, near, reports)
    assert run_model(folder, Engine.ctranslate2).neighbours == reports


def test_what_is_no_model_folder_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(RadimpressError, match="absent is missing"):
        run_model(tmp_path / "absent", Engine.auto)


def test_a_converted_model_starts_without_torch(folder: Path) -> None:
    run_model(folder, Engine.ctranslate2)
    program = (
        "import sys; from radimpress.config.serving import Engine; "
        "from radimpress.modeling.summarizer import Summarizer; "
        f"s = Summarizer.from_folder({str(folder)!r}, engine=Engine.auto); "
        "assert s.summarize(['The heart is normal in size.'])[0].prediction; "
        "print(sorted({'torch', 'transformers', 'sklearn', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
