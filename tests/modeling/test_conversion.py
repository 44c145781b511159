import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.modeling import conversion
from radimpress.modeling.conversion import KEPT, RECEIPT, Converted, load_converted
from radimpress.modeling.encoding import token_ids
from radimpress.modeling.folder import load_model, save_model
from radimpress.modeling.recipe import Recipe
from radimpress.runtime.errors import RadimpressError

Make = Callable[..., T5ForConditionalGeneration]


@pytest.fixture
def folder(
    tmp_path: Path,
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A model folder in a repository that keeps models."""
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    save_model(tmp_path / "models" / "finetuned", make_t5(), tokenizer, recipe)
    return tmp_path / "models" / "finetuned"


@pytest.fixture
def conversions(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The model folders that were converted, in order."""
    done: list[Path] = []
    convert = conversion._convert

    def counted(folder: Path, model_sha256: str, out: Path) -> Path:
        done.append(folder)
        return convert(folder, model_sha256, out)

    monkeypatch.setattr(conversion, "_convert", counted)
    return done


def answers(converted: Converted) -> list[list[str]]:
    results = converted.translator.translate_batch([["5", "9", "1"]], beam_size=1)
    return [result.hypotheses[0] for result in results]


def kept(folder: Path) -> list[Path]:
    return [path for path in (folder.parent / "converted").iterdir() if path.is_dir()]


def test_equal_folders_are_converted_once(folder: Path, conversions: list[Path]) -> None:
    first = answers(load_converted(folder, 1))
    moved = folder.rename(folder.with_name("elsewhere"))
    assert answers(load_converted(moved, 1)) == first
    assert conversions == [folder]
    (place,) = kept(moved)
    assert len(place.name) == 16
    assert sorted(path.name for path in place.iterdir()) == [
        "config.json", RECEIPT, "model.bin", "shared_vocabulary.json", "tokenizer.json",
    ]  # fmt: skip


def test_another_model_is_another_conversion(
    folder: Path,
    conversions: list[Path],
    make_t5: Make,
    tokenizer: PreTrainedTokenizerFast,
    recipe: Recipe,
) -> None:
    first = answers(load_converted(folder, 1))
    save_model(folder, make_t5(seed=5), tokenizer, recipe)
    assert answers(load_converted(folder, 1)) != first
    assert len(conversions) == len(kept(folder)) == 2


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", RECEIPT])
def test_a_damaged_conversion_is_made_anew(
    folder: Path, conversions: list[Path], name: str
) -> None:
    first = answers(load_converted(folder, 1))
    path = kept(folder)[0] / name
    path.write_bytes(path.read_bytes()[:-9] + b"x" * 9)
    assert answers(load_converted(folder, 1)) == first
    assert len(conversions) == 2


def test_what_a_package_adds_and_the_recipe_make_no_other_conversion(
    folder: Path, conversions: list[Path]
) -> None:
    load_converted(folder, 1)
    for name in ("lineage.json", "MANIFEST.json", "radimpress.json"):
        (folder / name).write_text('{"another": "one"}')
    (folder / "code").mkdir()
    (folder / "code" / "inference.py").write_text("")
    load_converted(folder, 1)
    assert len(conversions) == 1


PROGRAM = """
import sys
from pathlib import Path
from radimpress.modeling.conversion import load_converted
from radimpress.runtime.errors import RadimpressError
try:
    model = load_converted(Path(sys.argv[1]), 1)
    print(model.translator.translate_batch([["5", "9", "1"]], beam_size=1)[0].hypotheses[0])
except RadimpressError as error:
    print("refused:", error)
print("torch" in sys.modules)
"""


def in_a_fresh_process(folder: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


@pytest.mark.slow
def test_a_process_without_torch_converts_and_stays_without(folder: Path) -> None:
    tokens, has_torch = in_a_fresh_process(folder)
    assert tokens == str(answers(load_converted(folder, 1))[0])
    assert has_torch == "False"


@pytest.mark.slow
def test_a_process_without_torch_hears_why_nothing_was_converted(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:500])
    refusal, has_torch = in_a_fresh_process(folder)
    assert refusal.startswith("refused: ")
    assert "finetuned does not load" in refusal
    assert has_torch == "False"
    assert kept(folder) == []


def test_only_the_last_used_conversions_stay(folder: Path, tmp_path: Path) -> None:
    for number in range(KEPT + 2):
        (folder / "note.json").write_text(str(number))
        load_converted(folder, 1)
    assert len(kept(folder)) == KEPT


def test_without_a_place_for_models_nothing_is_left_behind(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "empty"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    assert answers(load_converted(folder, 1))
    assert list((tmp_path / "empty").iterdir()) == list((tmp_path / "scratch").iterdir()) == []


def test_a_place_that_cannot_be_written_is_done_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, **_: object) -> None:
        if self.name == "converted":
            raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert answers(load_converted(folder, 1))


def test_the_kept_tokenizer_gives_the_ids_of_transformers(folder: Path) -> None:
    bare = load_converted(folder, 1).tokenizer
    texts = ["The heart is normal.", "", "  Öd  </s> <pad> ___ 3.5 cm ", "lungs " * 400]
    assert isinstance(bare, Tokenizer)
    assert token_ids(bare, texts) == token_ids(load_model(folder, "cpu").tokenizer, texts)


def test_mkl_takes_no_thread_of_its_own_and_its_setting_stays(folder: Path) -> None:
    program = (
        "import os; from pathlib import Path; "
        "from radimpress.modeling.conversion import load_converted; "
        f"model = load_converted(Path({str(folder)!r}), 1); "
        "model.translator.translate_batch([['5', '9', '1'] * 40] * 16, beam_size=1); "
        "print(len(os.listdir('/proc/self/task')), os.environ['MKL_NUM_THREADS'])"
    )
    load_converted(folder, 1)  # so that the programs need no torch
    seen = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for threads in ("1", "4")
    ]
    assert seen[0][0] == seen[1][0], "as many threads, whatever MKL_NUM_THREADS said"
    assert [setting for _, setting in seen] == ["1", "4"]


def test_a_tokenizer_that_edits_spaces_is_refused(folder: Path) -> None:
    path = folder / "tokenizer_config.json"
    cleaning = '"clean_up_tokenization_spaces": true'
    path.write_text(path.read_text().replace('"clean_up_tokenization_spaces": false', cleaning))
    with pytest.raises(RadimpressError, match="finetuned: its tokenizer edits the spaces"):
        load_converted(folder, 1)
    assert kept(folder) == []


def test_a_damaged_model_is_one_line(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(RadimpressError, match="finetuned does not load"):
        load_converted(folder, 1)
