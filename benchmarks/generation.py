"""Generation of 2,000 reports on this CPU: the pipeline's engine against transformers.

python benchmarks/generation.py            # minutes; needs models/finetuned (make pipeline)
python benchmarks/generation.py --quick    # is everything right? a model of random weights will do
"""

import os

os.environ.update(OMP_NUM_THREADS="2", TOKENIZERS_PARALLELISM="false", OMP_WAIT_POLICY="passive")

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

import limits
import suite
from radimpress.config.schema import Device
from radimpress.config.serving import Engine
from radimpress.corpus.report import Report
from radimpress.corpus.synthetic import pairs
from radimpress.metrics.rouge import rouge
from radimpress.modeling.encoding import encode_sources
from radimpress.modeling.flops import Lengths, forward_flops
from radimpress.modeling.folder import load_model, save_model
from radimpress.modeling.generation import batches
from radimpress.modeling.memory import shape_of
from radimpress.modeling.recipe import Decoding, read_recipe
from radimpress.modeling.summarizer import Summarizer

MODEL = Path("models/finetuned")
THREADS, BATCH = 2, 32
BEAMS = 10  # the reference work's
Texts = list[str]


def bench(options: suite.Options) -> list[suite.Race]:
    if not MODEL.is_dir():
        raise SystemExit(f"{MODEL} is missing: run `make pipeline` first")
    torch.set_num_threads(THREADS)
    number = 24 if options.quick else 2000
    part = 1.0 if options.quick else 0.1  # of the reports, for what takes one at a time
    reports = pairs("B", number, seed=2026)
    with tempfile.TemporaryDirectory() as scratch:
        folder = _as_written(Path(scratch))
        ours = Summarizer.from_folder(
            folder, "cpu", batch_size=BATCH, engine=Engine.ctranslate2, threads=THREADS
        )
        theirs = _Transformers(folder)
        few, fewer = reports[: int(number * part)], reports[:24]
        return [
            _greedy(ours, theirs, reports, few, part, _Limit(theirs, folder, reports, ours)),
            _beams(ours, theirs, reports, fewer, len(fewer) / number),
        ]


def _greedy(
    ours: Summarizer,
    theirs: "_Transformers",
    reports: list[Report],
    few: list[Report],
    part: float,
    limit: "_Limit",
) -> suite.Race:
    in_order = sorted(reports, key=lambda report: len(report.findings))
    return suite.Race(
        title="Generation, greedy, float32",
        input=f"{len(reports):,} generated reports, the fine-tuned tiny T5, {THREADS} threads",
        contestants=(
            suite.Contestant(
                "radimpress (CTranslate2)", partial(_ours, ours, reports), suite.Role.ours
            ),
            suite.Contestant(
                "transformers, one at a time (the reference's loop)",
                partial(theirs.write, few, 1),
                share=part,
            ),
            suite.Contestant(
                f"transformers, batches of {BATCH}", partial(theirs.write, reports, BATCH)
            ),
            suite.Contestant(
                f"transformers, sorted, batches of {BATCH}", partial(theirs.write, in_order, BATCH)
            ),
        ),
        check=partial(_equal, in_order, reports),
        limit=limit.words,
        limit_seconds=limit.seconds,
        reaches=(
            suite.Reach("transformers, one at a time (the reference's loop)", at_least=28),
            suite.Reach(f"transformers, sorted, batches of {BATCH}", at_least=5),
        ),
        clock=suite.Clock.wall,
    )


def _beams(
    ours: Summarizer, theirs: "_Transformers", reports: list[Report], few: list[Report], part: float
) -> suite.Race:
    searched = replace(theirs.greedy, num_beams=BEAMS)
    return suite.Race(
        title=f"Generation against the reference's settings ({BEAMS} beams, one at a time)",
        input=f"{len(reports):,} generated reports, the fine-tuned tiny T5, {THREADS} threads",
        contestants=(
            suite.Contestant("radimpress, greedy", partial(_ours, ours, reports), suite.Role.ours),
            suite.Contestant(
                f"radimpress, {BEAMS} beams",
                partial(_ours, ours, few, searched),
                share=part,
            ),
            suite.Contestant(
                f"transformers, {BEAMS} beams, one at a time",
                partial(theirs.write, few, 1, BEAMS),
                share=part,
            ),
        ),
        check=partial(_as_good, few),
        limit="as above, for every beam",
        clock=suite.Clock.wall,
        rounds=1,
    )


def _as_written(scratch: Path) -> Path:
    """The model without the sentences of the findings that may be put before what it writes."""
    loaded = load_model(MODEL, Device.cpu)
    recipe = replace(read_recipe(MODEL), states_omissions=False)
    save_model(scratch / "model", loaded.model, loaded.tokenizer, recipe, loaded.neighbours)
    return scratch / "model"


def _ours(model: Summarizer, reports: list[Report], decoding: Decoding | None = None) -> Texts:
    return [each.prediction for each in model.generate(reports, decoding=decoding)]


class _Transformers:
    """`generate` as transformers documents it: tokenize, pad, generate, decode."""

    def __init__(self, folder: Path) -> None:
        loaded = load_model(folder, Device.cpu)
        self.model, self.tokenizer, recipe = loaded.model, loaded.tokenizer, loaded.recipe
        self.prompt, self.greedy = recipe.prompt, recipe.decoding

    def write(self, reports: Sequence[Report], batch: int, beams: int = 1) -> Texts:
        """The impressions of `reports`, in their order, `batch` at a time."""
        texts: Texts = []
        for start in range(0, len(reports), batch):
            some = reports[start : start + batch]
            prompts = [self.prompt.render(report, []) for report in some]
            inputs = self.tokenizer(
                prompts,
                return_tensors="pt",
                padding=True,
                truncation=True,
                max_length=self.prompt.max_source_tokens,
            )
            with torch.inference_mode():
                ids = self.model.generate(
                    **inputs,
                    max_new_tokens=self.greedy.max_new_tokens,
                    num_beams=beams,
                    do_sample=False,
                    early_stopping="never" if beams > 1 else False,
                )
            texts += self.tokenizer.batch_decode(ids, skip_special_tokens=True)
        return [" ".join(text.split()) for text in texts]


class _Limit:
    """What the reports would take if nothing but reading weights or multiplying cost time."""

    def __init__(
        self, theirs: _Transformers, folder: Path, reports: list[Report], ours: Summarizer
    ) -> None:
        found = encode_sources(theirs.tokenizer, theirs.prompt, reports, [()] * len(reports))
        sources = [each.input_ids for each in found]
        distinct = [list(each) for each in dict.fromkeys(map(tuple, sources))]
        number = {tuple(source): place for place, source in enumerate(distinct)}
        targets = [0] * len(distinct)  # tokens, the one that ends an impression too
        for source, text in zip(sources, _ours(ours, reports), strict=True):
            targets[number[tuple(source)]] = len(theirs.tokenizer(text).input_ids)
        shape = shape_of(folder)
        multiplied = sum(
            forward_flops(shape, Lengths.of(len(source), target)).total
            for source, target in zip(distinct, targets, strict=True)
        )
        steps = sum(max(targets[i] for i in batch) for batch in batches(distinct, BATCH))
        decoder = theirs.model.get_decoder()
        read = steps * sum(each.nbytes for each in decoder.parameters())  # with a tied head
        speed, peak = limits.bandwidth(), limits.matrix_peak(torch.float32)
        reading, multiplying = read / speed, multiplied / peak
        self.seconds = max(reading, multiplying)
        self.words = (
            f"the longer of two: the decoder's weights read once a token and batch at "
            f"{speed / 1e9:.0f} GB/s ({suite.seconds(reading)} s), and the products of all "
            f"real tokens at {peak / 1e9:.0f} GFLOP/s of fp32 ({suite.seconds(multiplying)} s)"
        )


def _equal(in_order: list[Report], reports: list[Report], outputs: dict[str, Any]) -> list[str]:
    ours, single, batched, sorted_ = outputs.values()
    by_study = {report.study_id: text for report, text in zip(in_order, sorted_, strict=True)}
    put_back = [by_study[report.study_id] for report in reports]
    for name, texts in (("one at a time", single), ("batched", batched), ("sorted", put_back)):
        differ = sum(a != b for a, b in zip(ours, texts, strict=False))
        if differ:
            raise suite.UnequalError(f"{differ} of {len(texts)} impressions differ from {name}")
    return [f"all {len(ours):,} impressions are equal to transformers', character for character"]


def _as_good(few: list[Report], outputs: dict[str, Any]) -> list[str]:
    references = [report.impression for report in few]
    scores = [
        float(np.mean(rouge(references, texts[: len(few)], stem=False)["rougeL"]))
        for texts in outputs.values()
    ]
    _, ours, theirs = outputs.values()
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    lines = [f"{name}: ROUGE-L {score:.3f}" for name, score in zip(outputs, scores, strict=True)]
    return [*lines, f"{same} of {len(few)} impressions of the {BEAMS} beams are equal"]


if __name__ == "__main__":
    suite.main(__doc__, bench, ["torch", "transformers", "ctranslate2", "tokenizers"])
