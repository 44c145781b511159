"""One pass over generated report pairs, from the same weights: radimpress against transformers.

python benchmarks/training.py            # ten minutes, benchmarks/results/training.json
python benchmarks/training.py --quick    # is everything right?

Ours is `fit` as the pipeline runs it: packed pairs, bf16 where `precision: auto` takes it. Where it
does not and the processor multiplies bf16, ours in bf16 runs too. The peer is Seq2SeqTrainer as in
transformers' summarization example: its sampler, its collator, fp32 on a CPU. One thread and one
process each; pairs in random order. Timed are training steps; imports, validation and checkpoints
are not.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")  # in the processes of contestants too

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
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

import limits
import suite
from radimpress.config.schema import Compute, Device, Precision, Tiny, Training
from radimpress.corpus.synthetic import pairs
from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.batching import collate
from radimpress.modeling.encoding import Example, encode
from radimpress.modeling.fit import fit
from radimpress.modeling.flops import Lengths, forward_flops, training_flops
from radimpress.modeling.memory import FLAN, Shape
from radimpress.modeling.precision import multiplies_bf16
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.tiny import new_t5
from radimpress.modeling.tokenizer import train_tokenizer
from radimpress.modeling.width import gains_on_cpu

SOURCE, TARGET = 320, 128  # conf/model/t5_tiny.yaml: what padding to the maximum pads to
BATCH = 32
RATE = 1e-3
HELD_OUT = 64  # pairs that measure what was learned
NEARLY = 0.1  # two orders of the same pairs end in losses as near as this, relatively
ROUNDING = {"fp32": 1e-4, "bf16": 0.02}  # the same order, packed or not


@dataclass(frozen=True, slots=True)
class Task:
    """What is trained on what. `steps` of one pass; `padded` of them for the slow peer.

    `rounds` where fewer must do.
    """

    name: str
    shape: Shape
    make: Callable[[], T5ForConditionalGeneration]
    steps: int
    padded: int
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """Encoded pairs: one pass of training, and held-out ones."""

    tokenizer: PreTrainedTokenizerFast
    train: Sequence[Example]
    held_out: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a contestant did: its loss on held-out pairs, and the time of its training steps.

    `whole`: on all of the pairs, so that its loss can be compared.
    """

    loss: float
    precision: str
    spent: suite.Spent
    whole: bool = True


class Stopwatch(TrainerCallback):
    """The time from the first step's beginning to the last step's end."""

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        """Start."""
        self.began = time.perf_counter(), time.process_time()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        """So far."""
        wall, cpu = self.began
        self.spent = suite.Spent(time.perf_counter() - wall, time.process_time() - cpu)


def bench(options: suite.Options) -> list[suite.Race]:
    torch.set_num_threads(1)
    tiny = Tiny(d_model=32, d_ff=32, heads=2, layers=1) if options.quick else Tiny()
    corpus = _corpus(2 * BATCH if options.quick else 20 * BATCH, tiny.vocabulary)
    vocabulary = len(corpus.tokenizer)
    shape = Shape(
        *(vocabulary, tiny.d_model, tiny.d_model // tiny.heads, tiny.d_ff),
        *(tiny.layers, tiny.layers, tiny.heads),
        gated=True,
        tied=True,
    )
    tasks = [
        Task(
            "tiny",
            shape,
            partial(new_t5, tiny, vocabulary),
            *((2, 1) if options.quick else (20, 4)),
        )
    ]
    if not options.quick:
        small = FLAN["flan_t5_small"]
        tasks.append(Task("60M (FLAN-T5 small's shape)", small, partial(_flan, small), 2, 1, 2))
    number = "bf16" if multiplies_bf16() else "fp32"
    peak = limits.matrix_peak(torch.bfloat16 if multiplies_bf16() else torch.float32)
    limit = f"real tokens at this core's matrix peak, {peak / 1e9:,.0f} GFLOP/s of {number}"
    emulated = not multiplies_bf16() and not options.quick
    return [_race(task, corpus, peak, limit, emulated) for task in tasks]


def _race(task: Task, corpus: Corpus, peak: float, limit: str, emulated: bool) -> suite.Race:
    pairs_of_pass = task.steps * BATCH
    train = corpus.train[:pairs_of_pass]
    tokens = sum(len(e.input_ids) + len(e.labels) for e in train)
    some = random.Random(1).sample(train, task.padded * BATCH)
    ours, in_bf16 = "radimpress", "radimpress, bf16"
    dynamic, padded = "Seq2SeqTrainer, dynamic padding", "Seq2SeqTrainer, padded to the maximum"
    simple = "radimpress, packing off, fp32"

    def spent(done: Trained) -> suite.Spent:
        return done.spent

    contestants = [
        suite.Contestant(ours, suite.apart(_ours, task, corpus, train), suite.Role.ours, 1, spent),
        suite.Contestant(dynamic, suite.apart(_peer, task, corpus, train, False), seconds=spent),
        suite.Contestant(
            padded,
            suite.apart(_peer, task, corpus, some, True),
            share=task.padded / task.steps,
            seconds=spent,
        ),
        suite.Contestant(
            simple,
            suite.apart(
                _ours, task, corpus, train, Compute(packing=False, precision=Precision.fp32)
            ),
            seconds=spent,
        ),
    ]
    if not gains_on_cpu(task.shape.d_model) and not emulated:
        bf16 = Compute(precision=Precision.bf16)
        run = suite.apart(_ours, task, corpus, train, bf16)
        contestants.append(suite.Contestant(in_bf16, run, suite.Role.ours, 1, spent))
    return suite.Race(
        title=f"training step, {task.name}",
        input=f"{task.steps} steps of {BATCH} pairs, {tokens:,} tokens",
        contestants=contestants,
        check=partial(_equally_good, simple=simple, dynamic=dynamic),
        limit=limit,
        limit_seconds=_flops(task.shape, train) / peak,
        reaches=(
            suite.Reach(dynamic, at_least=3.3 if task.shape.d_model < 512 else 4.5),
            suite.Reach(padded, at_least=12),
        ),
        rounds=task.rounds,
    )


def _corpus(count: int, vocabulary: int) -> Corpus:
    reports = pairs("B", count + HELD_OUT, seed=2026)
    words = (text for each in reports for text in (each.findings, each.impression))
    tokenizer = train_tokenizer(words, vocabulary)
    prompt = Prompt("{findings}", SOURCE, TARGET)
    examples = encode(tokenizer, prompt, reports, [()] * len(reports))
    return Corpus(tokenizer, examples[HELD_OUT:], examples[:HELD_OUT])


def _flan(shape: Shape) -> T5ForConditionalGeneration:
    """A T5 of the shape with random weights, which a tied head lets start at a sane loss."""
    torch.manual_seed(0)
    return T5ForConditionalGeneration(
        T5Config(
            vocab_size=shape.vocab_size,
            d_model=shape.d_model,
            d_kv=shape.d_kv,
            d_ff=shape.d_ff,
            num_layers=shape.num_layers,
            num_heads=shape.num_heads,
            dropout_rate=0.0,
            feed_forward_proj="gated-gelu",
            decoder_start_token_id=0,
        )
    )


def _ours(
    task: Task, corpus: Corpus, train: Sequence[Example], compute: Compute | None = None
) -> Trained:
    watch = Stopwatch()
    settings = FitSettings(
        seed=1,
        training=Training(
            epochs=1,
            learning_rate=RATE,
            warmup_ratio=0.0,  # as the peer
            batch_size=BATCH,
            evaluations=1,
            group_by_length=False,
        ),
        compute=replace(compute or Compute(), device=Device.cpu, threads=1),
        title="radimpress",
    )
    with tempfile.TemporaryDirectory() as folder:
        done = fit(
            task.make(),
            corpus.tokenizer,
            train,
            corpus.held_out,
            settings,
            Path(folder),
            callbacks=[watch],
        )
    return Trained(done.best_validation_loss, done.precision, watch.spent)


def _peer(task: Task, corpus: Corpus, train: Sequence[Example], padded: bool) -> Trained:
    """As transformers' run_summarization.py does it, with or without `pad_to_max_length`."""
    model, watch = task.make(), Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Seq2SeqTrainer(
            model=model,
            args=Seq2SeqTrainingArguments(
                output_dir=folder,
                num_train_epochs=1,
                per_device_train_batch_size=BATCH,
                learning_rate=RATE,
                seed=1,
                use_cpu=True,
                save_strategy="no",
                disable_tqdm=True,
                report_to="none",
            ),
            train_dataset=[_padded(e) if padded else _features(e) for e in train],
            data_collator=DataCollatorForSeq2Seq(corpus.tokenizer, model=model),
            callbacks=[watch],
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    return Trained(_loss(model, corpus.held_out), "fp32", watch.spent, whole=not padded)


def _features(example: Example) -> dict[str, list[int]]:
    return {
        "input_ids": example.input_ids,
        "attention_mask": [1] * len(example.input_ids),
        "labels": example.labels,
    }


def _padded(example: Example) -> dict[str, list[int]]:
    source, target = SOURCE - len(example.input_ids), TARGET - len(example.labels)
    return {
        "input_ids": example.input_ids + [0] * source,
        "attention_mask": [1] * len(example.input_ids) + [0] * source,
        "labels": example.labels + [-100] * target,
    }


@torch.no_grad()
def _loss(model: T5ForConditionalGeneration, held_out: Sequence[Example]) -> float:
    """Nats a target token, by transformers' own forward pass."""
    batch = collate(held_out, pad_id=0, start_id=0)
    del batch["decoder_input_ids"]
    return float(model.eval()(**batch).loss)


def _equally_good(outputs: dict[str, Trained], simple: str, dynamic: str) -> list[str]:
    """Each against our simple path: ours batch for batch, the peer over the same pairs."""
    losses = {name: done.loss for name, done in outputs.items() if done.whole}
    for name, done in outputs.items():
        if not done.whole or name == simple:
            continue
        tolerance = NEARLY if name == dynamic else ROUNDING[done.precision]
        away = abs(done.loss / losses[simple] - 1)
        if not away <= tolerance:
            raise suite.UnequalError(
                f"held-out loss {done.loss:.4f} of {name} against {losses[simple]:.4f} of {simple}"
            )
    shown = ", ".join(f"{loss:.4f} ({name})" for name, loss in losses.items())
    return [f"held-out loss after the same pairs: {shown}"]


def _flops(shape: Shape, train: Sequence[Example]) -> float:
    """Operations of one pass over real tokens (radimpress.modeling.flops says what counts)."""
    return sum(
        training_flops(forward_flops(shape, Lengths.of(len(e.input_ids), len(e.labels))))
        for e in train
    )


if __name__ == "__main__":
    suite.main(
        __doc__,
        bench,
        packages=["torch", "transformers", "accelerate"],
        variant="" if multiplies_bf16() else "without bf16",
    )
