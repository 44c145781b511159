"""A model folder in CTranslate2's format, kept beside the models under the name of its content.

`<root>/models/converted/<16 hex digits>/` holds the converted weights, the tokenizer exactly as
transformers uses it, and `converted.json` with the sha256 of each file. Loading one needs neither
torch nor transformers. The vocabulary of the converted model is the token ids in decimal: ids go in
and come out, no token has two spellings, and the tokenizer's words are not copied.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from filelock import FileLock

import radimpress
from radimpress.modeling.layout import NEIGHBOURS
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.digests import file_sha256, names_sha256
from radimpress.runtime.errors import RadimpressError, next_step
from radimpress.runtime.roots import repository_root

if TYPE_CHECKING:
    from ctranslate2 import Translator
    from tokenizers import Tokenizer
    from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

FORMAT = 1
RECEIPT = "converted.json"
TOKENIZER = "tokenizer.json"
NOT_READ = ("radimpress.json", NEIGHBOURS, "lineage.json", "MANIFEST.json")  # by the converter
TOLD = 3  # exit status of a conversion whose last line is an error for the user
KEPT = 4  # converted models; the least recently used beyond these are removed


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a converted folder was made of and holds.

    `model_sha256` is over the files that the converter reads, so that a model folder and a package
    of it share a conversion; `end` is the id of the end of sequence.
    """

    format: int
    ctranslate2: str
    model_sha256: str
    end: int
    files: dict[str, str]  # name -> sha256


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted model in memory."""

    translator: "Translator"
    tokenizer: "Tokenizer"
    end: int


def load_converted(folder: Path, threads: int) -> Converted:
    """The model `folder` in CTranslate2, on the CPU, in float32, `threads` batches at once.

    Converted once and kept, or, where there is no `<root>/models` that can be written, converted
    for this process only. Raises RadimpressError for a model that CTranslate2 cannot run.
    """
    read = (p for p in folder.iterdir() if p.is_file() and p.name not in NOT_READ)
    model_sha256 = names_sha256({path.name: file_sha256(path) for path in read})
    kept = repository_root() / "models" / "converted"
    if kept.parent.is_dir():
        try:
            with _turn(kept):
                place = _kept(folder, model_sha256, kept)
                return _load(place, threads)
        except OSError:
            pass  # read-only or full
        except RadimpressError as error:
            if not isinstance(error.__cause__, OSError):
                raise
    with TemporaryDirectory(prefix="radimpress-") as temporary:
        return _load(_convert(folder, model_sha256, Path(temporary)), threads)


@contextmanager
def _turn(kept: Path) -> Iterator[None]:
    """One process at a time converts, loads or removes below `kept`."""
    kept.mkdir(exist_ok=True)
    with FileLock(kept / ".lock"):
        yield


def _kept(folder: Path, model_sha256: str, kept: Path) -> Path:
    import ctranslate2

    content = f"{model_sha256} ctranslate2 {ctranslate2.__version__} format {FORMAT}"
    place = kept / sha256(content.encode()).hexdigest()[:16]
    if not _is_whole(place):
        with whole_folder(place) as temporary:
            _convert(folder, model_sha256, temporary)
    place.touch()
    others = sorted((p for p in kept.iterdir() if p.is_dir()), key=lambda p: -p.stat().st_mtime_ns)
    for old in others[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def _is_whole(place: Path) -> bool:
    try:
        files = _receipt(place).files
        return all(file_sha256(place / name) == digest for name, digest in files.items())
    except (OSError, ValueError, TypeError):
        return False


def _receipt(place: Path) -> Receipt:
    return Receipt(**json.loads((place / RECEIPT).read_text(encoding="utf-8")))


def _load(place: Path, threads: int) -> Converted:
    import ctranslate2
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(place / TOKENIZER))
    # Set once and never again: a tokenizer that is changed while another thread uses it raises.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True  # a special token's name inside a report is plain text
    end = _receipt(place).end
    with _mkl_in_one_thread():
        translator = ctranslate2.Translator(
            str(place), device="cpu", compute_type="float32", inter_threads=threads, intra_threads=1
        )
        translator.translate_batch([[str(end)]] * threads, beam_size=1, max_decoding_length=1)
    return Converted(translator, tokenizer, end)


@contextmanager
def _mkl_in_one_thread() -> Iterator[None]:
    """Let MKL read that each batch has one core, when it is first used.

    For MKL its own variable counts more than what CTranslate2 asks of OpenMP, and with two threads
    on matrices this small it burns twice the time. PyTorch has another MKL, which keeps the value.
    """
    before = os.environ.get("MKL_NUM_THREADS")
    os.environ["MKL_NUM_THREADS"] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ["MKL_NUM_THREADS"]
        else:
            os.environ["MKL_NUM_THREADS"] = before


def _convert(folder: Path, model_sha256: str, out: Path) -> Path:
    """Write the model `folder` to the empty folder `out` in CTranslate2's format; returns `out`.

    In a process of its own unless torch is here already: a server that takes up a new model must
    not stand still for the import, nor carry torch ever after.
    """
    if "torch" in sys.modules:
        convert(folder, model_sha256, out)
        return out
    here = str(Path(radimpress.__file__).parents[1])
    path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(folder), model_sha256, str(out)],
        env={**os.environ, "PYTHONPATH": path},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
        told = done.returncode == TOLD
        raise RadimpressError(last) if told else _refused(folder, f"the conversion ended: {last}")
    return out


def convert(folder: Path, model_sha256: str, out: Path) -> None:
    """As `_convert`, in this process."""
    import ctranslate2
    import torch

    from radimpress.modeling.folder import load_model

    loaded = load_model(folder, "cpu")
    if loaded.tokenizer.clean_up_tokenization_spaces:
        raise _refused(folder, "its tokenizer edits the spaces of what was decoded")
    try:
        with torch.no_grad():
            spec = _specification(loaded.model, loaded.tokenizer)
            spec.validate()
            spec.optimize()
            spec.save(str(out))
    except (ValueError, KeyError, AttributeError, NotImplementedError) as error:
        raise _refused(folder, f"{type(error).__name__} while converting") from error
    loaded.tokenizer.backend_tokenizer.save(str(out / TOKENIZER))
    receipt = Receipt(
        FORMAT,
        ctranslate2.__version__,
        model_sha256,
        loaded.model.config.eos_token_id,
        {path.name: file_sha256(path) for path in sorted(out.iterdir())},
    )
    (out / RECEIPT).write_text(json.dumps(asdict(receipt), indent=2) + "\n", encoding="utf-8")


def _specification(
    model: "T5ForConditionalGeneration", tokenizer: "PreTrainedTokenizerFast"
) -> Any:
    """The model in CTranslate2's terms.

    CTranslate2 scales the decoder's outputs where `tie_word_embeddings` is set, which transformers
    5 sets for every T5, FLAN's separate head included; `scale_decoder_outputs` is the truth.
    """
    from ctranslate2.converters.transformers import T5Loader
    from ctranslate2.specs.model_spec import OPTIONAL

    class Loader(T5Loader):
        def get_model_spec(self, model: "T5ForConditionalGeneration") -> Any:
            spec = super().get_model_spec(model)
            scaled = model.config.scale_decoder_outputs
            spec.decoder.scale_outputs = model.config.d_model**-0.5 if scaled else OPTIONAL
            return spec

        def get_vocabulary(self, model: "T5ForConditionalGeneration", _: object) -> list[str]:
            return [str(token) for token in range(model.config.vocab_size)]

        def set_config(
            self,
            config: Any,
            model: "T5ForConditionalGeneration",
            tokenizer: "PreTrainedTokenizerFast",
        ) -> None:
            config.bos_token = str(model.config.pad_token_id)
            config.eos_token = str(model.config.eos_token_id)
            config.unk_token = str(tokenizer.unk_token_id)
            config.decoder_start_token = str(model.config.decoder_start_token_id)

    return Loader()(model, tokenizer)


def _refused(folder: Path, reason: str) -> RadimpressError:
    return next_step(
        f"CTranslate2 cannot run {folder}: {reason}",
        "use the engine transformers (serving.engine, --engine)",
    )


if __name__ == "__main__":
    try:
        convert(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    except RadimpressError as error:
        print(error, file=sys.stderr)
        sys.exit(TOLD)
