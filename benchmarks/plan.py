"""How far is a plan off? Real training steps here against the formulas of `radimpress plan`.

python benchmarks/plan.py            # two minutes on one thread

The same fp32 steps that `fit` takes in the pipeline, on generated pairs. Everything is CPU time of
one thread, so that a busy machine does not matter much: the peak is that of a large matrix product
before and after; a step is the difference between a longer and a shorter training, so that start,
validation and checkpoint cancel out. The plan's share of the peak (CPU_UTILISATION) gives the time
that it would have said.
"""

import os

os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import tempfile
import time
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration
from transformers.utils import logging

from radimpress.cloud.planning.data_size import measured
from radimpress.cloud.planning.speed import CPU_UTILISATION, REAL_TOKENS
from radimpress.config.schema import Compute, Device, Precision, Tiny, Training
from radimpress.corpus.synthetic import pairs
from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.encoding import Example, encode
from radimpress.modeling.fit import fit
from radimpress.modeling.flops import forward_flops, training_flops
from radimpress.modeling.memory import FLAN, Shape
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.tokenizer import train_tokenizer

SIDE = 1536  # of the square matrices whose product is the peak
TINY = Tiny()
SHAPES = {
    "t5_tiny": (
        Shape(TINY.vocabulary, TINY.d_model, 32, TINY.d_ff, 2, 2, TINY.heads, True, True),
        (20, 140),
    ),
    "flan_t5_small, untrained": (FLAN["flan_t5_small"], (2, 8)),
}  # and the steps of the shorter and the longer training
BATCH = 16
COMPUTE = Compute(device=Device.cpu, precision=Precision.fp32, threads=1)


def peak() -> float:
    """Operations a second of one thread in a large product."""
    left, right = torch.randn(SIDE, SIDE), torch.randn(SIDE, SIDE)
    _ = left @ right
    began = time.process_time()
    for _ in range(6):
        _ = left @ right
    return 6 * 2 * SIDE**3 / (time.process_time() - began)


def module(shape: Shape) -> T5ForConditionalGeneration:
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


def training_s(
    shape: Shape, tokenizer: PreTrainedTokenizerFast, examples: list[Example], steps: int
) -> float:
    """CPU seconds of a whole training of so many steps."""
    training = Training(max_steps=steps, batch_size=BATCH, evaluations=1)
    settings = FitSettings(1, training, COMPUTE, title=f"{steps} steps")
    model, began = module(shape), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        fit(model, tokenizer, examples[2 * BATCH :], examples[: 2 * BATCH], settings, Path(folder))
    return time.process_time() - began


def main() -> None:
    logging.set_verbosity_error()
    torch.set_num_threads(1)
    reports = pairs("B", 600, seed=3)
    texts = [text for report in reports for text in (report.findings, report.impression)]
    tokenizer = train_tokenizer(texts, TINY.vocabulary)
    examples = encode(tokenizer, Prompt("{findings}", 320, 128), reports, [[] for _ in reports])
    lengths = measured([len(e.input_ids) for e in examples], [len(e.labels) for e in examples])
    training_s(SHAPES["t5_tiny"][0], tokenizer, examples, 2)  # imports and first allocations
    table = Table("model", "operations a step", "peak GFLOP/s", "reached", "step", "planned")
    for name, (shape, (few, many)) in SHAPES.items():
        operations = training_flops(forward_flops(shape, lengths)) * BATCH
        before = peak()
        short = training_s(shape, tokenizer, examples, few)
        step = (training_s(shape, tokenizer, examples, many) - short) / (many - few)
        reached = (before + peak()) / 2
        planned = operations / REAL_TOKENS["packed"] / (reached * CPU_UTILISATION)
        table.add_row(
            name,
            f"{operations:.2e}",
            f"{reached / 1e9:.0f}",
            f"{operations / step / reached:.0%}",
            f"{step:.3f} s",
            f"{planned:.3f} s, {planned / step:.2f} x",
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
