"""FLAN-T5 XL's shape on one GPU: full fine-tuning and generation against transformers.

python benchmarks/gpu.py            # half an hour on one H100, benchmarks/results/gpu.json
python benchmarks/gpu.py --quick    # a toy size, on a CPU too: is everything right?

Weights are random, and so are the tokens; their numbers follow this task's reports, findings of
75 +- 31 and impressions of 22 +- 17 tokens. Peers are transformers' own programs with the settings
of its summarization example, in bf16 like ours: padded to 1024/128, and padded dynamically.

Model FLOPs utilisation is the operations that one pass over the real tokens needs (multiplications
of matrices, forward and backward; radimpress.modeling.flops), over the seconds it took, over the
peak that NVIDIA's data sheet names for dense bf16. What padding and recomputation cost is not work
done, so it does not count.
"""

import gc
import math
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import torch
from transformers import (
    DataCollatorForSeq2Seq,
    PreTrainedTokenizerFast,
    PrinterCallback,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
    T5Config,
    T5ForConditionalGeneration,
    TrainerCallback,
)
from transformers.utils import logging

import suite
from radimpress.config.schema import Compute, Config, Device, Model, Training
from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.encoding import Example
from radimpress.modeling.fit import fit
from radimpress.modeling.flops import Lengths, forward_flops, training_flops
from radimpress.modeling.folder import generation_config
from radimpress.modeling.generation import Generator
from radimpress.modeling.memory import FLAN, Shape, training_memory
from radimpress.modeling.packing import size
from radimpress.modeling.placement import device_for
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.tokenizer import train_tokenizer
from radimpress.modeling.torch_decoder import TorchDecoder
from radimpress.modeling.trainer import PairTrainer

FINDINGS, IMPRESSIONS = (75, 31), (22, 17)  # tokens: mean and standard deviation
MOST = (512, 128)  # tokens of the longest pair we take
EXAMPLE = (1024, 128)  # to which transformers' example pads
# Dense bf16 operations a second, by NVIDIA's data sheets.
PEAKS = {"H100": 989e12, "H200": 989e12, "A100": 312e12, "L40S": 362e12, "A10G": 70e12}
OURS = "radimpress"
DYNAMIC = "Seq2SeqTrainer, dynamic padding"
PADDED = "Seq2SeqTrainer, padded to 1024/128"
BATCHES = "transformers, batches of 32"
ONE_BY_ONE = "transformers, one at a time"
PEER_BATCH = 4
MARGIN = 0.92  # of the device's memory is planned with; the rest is the context and fragments


@dataclass(frozen=True, slots=True)
class Setting:
    """The sizes of a run. `few` of the pairs are enough to time the slowest peers."""

    shape: Shape
    pairs: int
    batch: int
    few: int
    reports: int
    one_by_one: int


XL = Setting(FLAN["flan_t5_xl"], pairs=2048, batch=256, few=64, reports=2000, one_by_one=20)
TOY = Setting(
    Shape(300, 32, 8, 48, 2, 2, 4, gated=True, tied=False),
    pairs=24, batch=8, few=8, reports=12, one_by_one=3,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trained:
    """What training steps cost for so many pairs: time, and the memory held at most."""

    pairs: int
    spent: suite.Spent
    memory_gib: float


class Stopwatch(TrainerCallback):
    """Times the steps after the first, in which kernels are chosen and memory is found."""

    def __init__(self) -> None:
        self.began: suite.Spent | None = None
        self.spent = suite.Spent(0.0, 0.0)

    def on_step_end(self, *_: Any, **__: Any) -> None:
        """Wait for the device, then look at the clock."""
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        now = suite.Spent(time.perf_counter(), time.process_time())
        began = self.began = self.began or now
        self.spent = suite.Spent(now.wall - began.wall, now.cpu - began.cpu)


def bench(options: suite.Options) -> Iterator[suite.Race | suite.Facts]:
    logging.set_verbosity_error()
    device = device_for(Device.auto)
    if not options.quick and device.type != "cuda":
        sys.exit("gpu: no GPU here; `--quick` runs a toy size on the CPU")
    setting = TOY if options.quick else XL
    train = _pairs(setting.pairs, setting.shape.vocab_size, seed=1)
    seen: dict[str, list[Trained]] = {}
    yield _training(setting, train, device, seen)
    yield _utilisation(setting, train, device, seen)
    _free()
    model = _t5(setting.shape, device).eval()
    for beams in (1, 4, 10):
        yield _generation(setting, model.bfloat16() if device.type == "cuda" else model, beams)


def _training(
    setting: Setting, train: list[Example], device: torch.device, seen: dict[str, list[Trained]]
) -> suite.Race:
    few = train[: setting.few]
    ways: dict[str, tuple[Callable[[], Trained], int, int]] = {
        OURS: (partial(_ours, setting, train, device), setting.pairs, setting.batch),
        DYNAMIC: (partial(_peer, setting, few, device, False), setting.few, PEER_BATCH),
        PADDED: (partial(_peer, setting, few, device, True), setting.few, PEER_BATCH),
    }

    def spent(done: Trained, name: str) -> suite.Spent:
        seen.setdefault(name, []).append(done)
        return done.spent

    return suite.Race(
        title="full fine-tuning" + (" of FLAN-T5 XL's shape" if setting is XL else ", toy size"),
        input=f"{setting.pairs:,} pairs, {sum(map(sum, map(size, train))):,} tokens",
        contestants=[
            suite.Contestant(
                name,
                run,
                suite.Role.ours if name == OURS else suite.Role.peer,
                share=(pairs - batch) / setting.pairs,
                seconds=partial(spent, name=name),
            )
            for name, (run, pairs, batch) in ways.items()
        ],
        check=lambda _: ["the loss of equal pairs is equal: benchmarks/training.py"],
        limit="the bf16 peak of the data sheet",
        limit_seconds=_flops(setting.shape, train) / peak if (peak := _peak(device)) else None,
        reaches=(suite.Reach(DYNAMIC, at_least=5), suite.Reach(PADDED, at_least=5)),
        clock=suite.Clock.wall,
        rounds=1 if setting is TOY else 3,
        notes=(
            "The first step of each is not timed.",
            f"The peers take {PEER_BATCH} pairs at once, as the example's commands do.",
        ),
    )


def _utilisation(
    setting: Setting, train: list[Example], device: torch.device, seen: dict[str, list[Trained]]
) -> suite.Facts:
    """Tokens a second, memory and MFU of what has just been raced."""
    tokens = sum(map(sum, map(size, train))) / len(train)
    flops, peak = _flops(setting.shape, train) / len(train), _peak(device)
    compute, rows = _compute(setting, train, device), []
    for name, runs in seen.items():
        best = min(runs, key=lambda run: run.spent.wall / run.pairs)
        rate = best.pairs / best.spent.wall
        share = f"{rate * flops / peak:.1%}" if peak else "not known for this device"
        rows.append([name, f"{rate * tokens:,.0f}", f"{best.memory_gib:.1f} GiB", share])
    return suite.Facts(
        title="the same, by the device",
        columns=["", "real tokens/s", "memory at most", "model FLOPs utilisation"],
        rows=rows,
        notes=(
            f"on {_name(device)}; utilisation = {flops:.3g} operations a pair x pairs/s / "
            + (f"{peak:.3g} operations/s" if peak else "its peak"),
            f"ours holds {compute.micro_batch_size} of the longest pairs at once, "
            f"{'with' if compute.gradient_checkpointing else 'without'} gradient checkpointing: "
            f"{_estimate(setting, train, compute):.1f} GiB by radimpress.modeling.memory",
        ),
    )


def _ours(setting: Setting, train: list[Example], device: torch.device) -> Trained:
    watch = Stopwatch()
    compute = _compute(setting, train, device)
    _free()
    with tempfile.TemporaryDirectory() as folder, _no_checkpoints():
        done = fit(
            _t5(setting.shape, device),
            _tokenizer(),
            train,
            train[:8],
            FitSettings(
                seed=1,
                training=Training(epochs=1, batch_size=setting.batch, evaluations=1),
                compute=compute,
            ),
            Path(folder),
            callbacks=[watch],
        )
    return Trained(len(train) - setting.batch, watch.spent, done.peak_memory_bytes / 2**30)


def _compute(setting: Setting, train: list[Example], device: torch.device) -> Compute:
    """As many pairs at once as the memory formula says fit; checkpointing where hardly any do."""
    if device.type != "cuda":
        return Compute(device=Device.cpu, threads=1, micro_batch_size=2)
    have = MARGIN * torch.cuda.get_device_properties(device).total_memory / 2**30
    for checkpointing in (False, True):
        compute = Compute(device=Device.cuda, gradient_checkpointing=checkpointing)
        for rows in range(64, 3, -1):
            tried = replace(compute, micro_batch_size=rows)
            if _estimate(setting, train, tried) <= have:
                return tried
    return replace(compute, micro_batch_size=1)


def _estimate(setting: Setting, train: list[Example], compute: Compute) -> float:
    """GiB that a training step should need at most."""
    config = Config(
        model=Model(max_source_tokens=MOST[0], max_target_tokens=MOST[1]),
        training=Training(batch_size=setting.batch),
        compute=compute,
    )
    longest = [max(size(pair)[side] for pair in train) for side in (0, 1)]
    bf16 = compute.device is Device.cuda
    return training_memory(setting.shape, config, bf16, *longest).total / 2**30


def _peer(setting: Setting, train: list[Example], device: torch.device, padded: bool) -> Trained:
    """As transformers' run_summarization.py does it, with or without `pad_to_max_length`.

    With bf16, which the example's own commands lack, and with gradient checkpointing where the
    model needs it: without, the padded one does not fit 80 GB.
    """
    _free()
    model, watch = _t5(setting.shape, device), Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Seq2SeqTrainer(
            model=model,
            args=Seq2SeqTrainingArguments(
                output_dir=folder,
                num_train_epochs=1,
                per_device_train_batch_size=PEER_BATCH,
                seed=1,
                use_cpu=device.type == "cpu",
                bf16=device.type == "cuda",
                gradient_checkpointing=padded and setting is XL,
                save_strategy="no",
                disable_tqdm=True,
                report_to="none",
            ),
            train_dataset=[features(each, EXAMPLE if padded else None) for each in train],
            data_collator=DataCollatorForSeq2Seq(_tokenizer(), model=model),
            callbacks=[watch],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    held = torch.cuda.max_memory_allocated(device) / 2**30 if device.type == "cuda" else math.nan
    return Trained(len(train) - PEER_BATCH, watch.spent, held)


def _generation(setting: Setting, model: T5ForConditionalGeneration, beams: int) -> suite.Race:
    """The same prompts to the same loaded model, until each has written as many tokens as asked.

    Random weights do not end their sentences, so every impression has `IMPRESSIONS[0]` tokens.
    """
    prompts = [pair.input_ids for pair in _pairs(setting.reports, setting.shape.vocab_size, seed=2)]
    decoding = Decoding(max_new_tokens=IMPRESSIONS[0], num_beams=beams)
    generator = Generator(TorchDecoder(model, _tokenizer()), decoding, 512 // beams)
    one, many = prompts[: setting.one_by_one], prompts
    return suite.Race(
        title=f"generation, {beams} beam{'s' * (beams > 1)}",
        input=f"{len(prompts):,} reports",
        contestants=(
            suite.Contestant(OURS, partial(generator.generate, many), suite.Role.ours),
            suite.Contestant(BATCHES, partial(_transformers, model, many, decoding, 32)),
            suite.Contestant(
                ONE_BY_ONE,
                partial(_transformers, model, one, decoding, 1),
                share=len(one) / len(prompts),
            ),
        ),
        check=_as_many,
        limit="memory bandwidth x weights, per token",
        clock=suite.Clock.wall,
        rounds=1 if setting is TOY else 3,
        notes=("In bf16 the order of a sum decides between tokens that are equally likely.",),
    )


def _transformers(
    model: T5ForConditionalGeneration, prompts: list[list[int]], decoding: Decoding, at_once: int
) -> list[list[int]]:
    """`generate` in the order of the prompts, padded to the longest of each batch."""
    settings, written = generation_config(model, decoding), []
    for start in range(0, len(prompts), at_once):
        padded = _tokenizer().pad(
            {"input_ids": prompts[start : start + at_once]}, return_tensors="pt"
        )
        ids = model.generate(
            input_ids=padded["input_ids"].to(model.device),
            attention_mask=padded["attention_mask"].to(model.device),
            generation_config=settings,
        )
        written += ids.tolist()
    return written


def _as_many(outputs: dict[str, Any]) -> list[str]:
    if len(outputs[OURS]) != len(outputs[BATCHES]):
        raise suite.UnequalError(f"{len(outputs[OURS])} impressions of {len(outputs[BATCHES])}")
    return ["as many impressions; equal texts are shown with trained weights in generation.py"]


def features(example: Example, to: tuple[int, int] | None = None) -> dict[str, list[int]]:
    """What the example's preprocessing gives, padded `to` source and target tokens, or not."""
    source, target = (
        [most - length for most, length in zip(to, size(example), strict=True)] if to else (0, 0)
    )
    return {
        "input_ids": example.input_ids + [0] * source,
        "attention_mask": [1] * len(example.input_ids) + [0] * source,
        "labels": example.labels + [-100] * target,
    }


def _pairs(count: int, vocabulary: int, seed: int) -> list[Example]:
    """Random tokens; lengths as of gamma distributions with the corpus's mean and deviation."""
    dice = random.Random(seed)

    def tokens(length: tuple[int, int], least: int, most: int) -> list[int]:
        mean, deviation = length
        drawn = round(dice.gammavariate((mean / deviation) ** 2, deviation**2 / mean))
        kept = min(max(drawn, least), most) - 1
        return [*(dice.randrange(3, vocabulary) for _ in range(kept)), 1]

    return [
        Example(tokens(FINDINGS, 8, MOST[0]), tokens(IMPRESSIONS, 3, MOST[1])) for _ in range(count)
    ]


def _t5(shape: Shape, device: torch.device) -> T5ForConditionalGeneration:
    torch.manual_seed(0)
    with device:
        return T5ForConditionalGeneration(
            T5Config(
                vocab_size=shape.vocab_size,
                d_model=shape.d_model,
                d_kv=shape.d_kv,
                d_ff=shape.d_ff,
                num_layers=shape.num_layers,
                num_heads=shape.num_heads,
                feed_forward_proj="gated-gelu",
                tie_word_embeddings=shape.tied,
                decoder_start_token_id=0,
            )
        )


@cache
def _tokenizer() -> PreTrainedTokenizerFast:
    """Of its abilities only the ids of padding and of the end matter here."""
    return train_tokenizer(["no acute disease"], 300)


@contextmanager
def _no_checkpoints() -> Iterator[None]:
    """Leave out the 34 GB that the last step would write: they are no part of a step."""
    saved = PairTrainer._save_checkpoint
    PairTrainer._save_checkpoint = lambda *_: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        PairTrainer._save_checkpoint = saved  # type: ignore[method-assign]


def _flops(shape: Shape, train: Sequence[Example]) -> float:
    return sum(training_flops(forward_flops(shape, Lengths.of(*size(each)))) for each in train)


def _peak(device: torch.device) -> float | None:
    name = _name(device)
    return next((peak for known, peak in PEAKS.items() if known in name), None)


def _name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "the CPU"


def _free() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


if __name__ == "__main__":
    suite.main(__doc__, bench, packages=["torch", "transformers", "accelerate"])
