"""Which engine runs a model folder, and what a Summarizer needs of it."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from radimpress.config.schema import Device, Precision
from radimpress.config.serving import Engine
from radimpress.corpus.report import Report, read_reports
from radimpress.modeling.ctranslate2_decoder import CTranslate2Decoder, unsupported
from radimpress.modeling.encoding import AnyTokenizer
from radimpress.modeling.generation import Decoder
from radimpress.modeling.layout import NEIGHBOURS, check_layout
from radimpress.modeling.recipe import Decoding, Recipe, read_recipe
from radimpress.modeling.shards import Written
from radimpress.runtime.errors import RadimpressError, next_step

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunningModel:
    """A model folder, loaded; `neighbours` are training reports, where retrieval is on."""

    engine: Engine  # never auto
    recipe: Recipe
    tokenizer: AnyTokenizer
    decoder: Decoder
    neighbours: list[Report]


def run_model(
    folder: Path,
    engine: Engine,
    device: Device = Device.auto,
    precision: Precision = Precision.auto,
    decoding: Decoding | None = None,
    threads: int | None = None,
) -> RunningModel:
    """Load `folder` into `engine`.

    `auto` is CTranslate2 on a CPU, where it can run the model and decode as `decoding` (the
    recipe's own by default) says; else transformers, with the reason in the log. `threads` is the
    number of batches that CTranslate2 decodes at once, by default OMP_NUM_THREADS or the cores.

    Raises RadimpressError for what is no model folder, for a device that is not there, and for
    `ctranslate2` where it cannot run the model.
    """
    check_layout(folder)
    recipe = read_recipe(folder)
    wanted = _wanted(engine, device, precision, decoding or recipe.decoding)
    if wanted is Engine.ctranslate2:
        try:
            return _in_ctranslate2(folder, recipe, threads or _cores())
        except RadimpressError as error:
            if engine is Engine.ctranslate2:
                raise
            log.warning("%s", error)
    return _in_transformers(folder, device, precision)


def _wanted(engine: Engine, device: Device, precision: Precision, decoding: Decoding) -> Engine:
    if engine is not Engine.auto:
        if engine is Engine.ctranslate2 and not _computes_on_cpu(device, precision):
            raise next_step(
                "the engine ctranslate2 runs on the CPU in fp32 here",
                "use the engine transformers, or compute.device=cpu",
            )
        return engine
    if not _computes_on_cpu(device, precision):
        return Engine.transformers
    if reason := unsupported(decoding):
        log.warning("transformers generates: CTranslate2 would differ in %s", reason)
        return Engine.transformers
    return Engine.ctranslate2


def _computes_on_cpu(device: Device, precision: Precision) -> bool:
    """Whether fp32 on a CPU is meant, found out without torch where there is no GPU at all."""
    if device is Device.cuda or precision in (Precision.bf16, Precision.fp16):
        return False
    if device is Device.cpu:
        return True
    import ctranslate2

    if not ctranslate2.get_cuda_device_count():
        return True
    from radimpress.modeling.placement import device_for

    return device_for(device).type == "cpu"


def _cores() -> int:
    return int(os.environ.get("OMP_NUM_THREADS") or len(os.sched_getaffinity(0)))


def _in_transformers(folder: Path, device: Device, precision: Precision) -> RunningModel:
    from radimpress.modeling.folder import load_model
    from radimpress.modeling.placement import device_for, dtype_for
    from radimpress.modeling.torch_decoder import TorchDecoder

    place = device_for(device)
    loaded = load_model(folder, Device(place.type), dtype_for(precision, place))
    decoder = TorchDecoder(loaded.model, loaded.tokenizer)
    return RunningModel(
        Engine.transformers, loaded.recipe, loaded.tokenizer, decoder, loaded.neighbours
    )


def _in_ctranslate2(folder: Path, recipe: Recipe, threads: int) -> RunningModel:
    from radimpress.modeling.conversion import load_converted

    converted = load_converted(folder, threads)
    fast = CTranslate2Decoder(converted.translator, converted.tokenizer, converted.end, threads)

    def slow() -> Decoder:
        return _in_transformers(folder, Device.cpu, Precision.fp32).decoder

    stored = folder / NEIGHBOURS
    neighbours = read_reports(stored) if stored.is_file() else []
    decoder = DecoderWithFallback(fast, slow)
    return RunningModel(Engine.ctranslate2, recipe, converted.tokenizer, decoder, neighbours)


@dataclass(slots=True)
class DecoderWithFallback:
    """CTranslate2, and transformers for the settings in which the two differ.

    transformers is loaded when it is first needed: most servers never do.
    """

    fast: CTranslate2Decoder
    load_slow: Callable[[], Decoder]
    _slow: Decoder | None = None
    _turn: Lock = field(default_factory=Lock)

    def decode(self, sources: list[list[int]], decoding: Decoding) -> list[Written]:
        """One impression a source, whichever engine writes it."""
        reason = unsupported(decoding)
        return (self._other(reason) if reason else self.fast).decode(sources, decoding)

    def _other(self, reason: str) -> Decoder:
        with self._turn:
            if self._slow is None:
                log.warning("transformers is loaded beside CTranslate2 for %s", reason)
                self._slow = self.load_slow()
            return self._slow
