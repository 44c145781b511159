"""Stage `train`: the foundation, fine-tuned on the training split."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch

from radimpress.config.schema import Adapter, Config, Device, Omissions
from radimpress.corpus.report import Report, read_reports
from radimpress.modeling import checkpoints
from radimpress.modeling.adapters import merged, weights, with_adapter
from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.distributed import is_main
from radimpress.modeling.encoding import encode
from radimpress.modeling.fit import FitResult, fit
from radimpress.modeling.folder import load_model, save_model
from radimpress.modeling.history import LogRecord, write_history
from radimpress.modeling.omissions import Trial, trial
from radimpress.modeling.prompt import Prompt
from radimpress.modeling.recipe import trained_recipe, write_recipe
from radimpress.modeling.retrieval import Retrieval
from radimpress.modeling.summarizer import Summarizer
from radimpress.runtime.atomic import write_text

Summary = dict[str, Any]
TRIED = 1000  # validation reports: enough to tell the means apart, a minute on a GPU


def train_model(
    config: Config,
    foundation: Path,
    splits: Path,
    out: Path,
    history: Path,
    on_log: Callable[[LogRecord], None] = lambda _: None,
) -> Summary:
    """Write the model folder `out` and the curves `history`/history.csv, summary.json.

    Reads the model folder `foundation` and train.parquet, validation.parquet of `splits`. Goes on
    from the checkpoints of an interrupted run of the same training; deletes them when `out` is
    written. Where several processes train, each calls this and the main one writes. `on_log` gets
    every point of the curves as it is measured.
    """
    torch.set_num_threads(config.compute.threads)
    resumable = checkpoints.training_folder(config, foundation, splits)
    loaded = load_model(foundation, Device.cpu)
    train = read_reports(splits / "train.parquet")
    validation = read_reports(splits / "validation.parquet")
    prompt = Prompt.of(config.model)
    retrieval = Retrieval(train, prompt.retrieval)
    near_train, near = retrieval.impressions(train, own=True), retrieval.impressions(validation)
    lora = config.model.adapter is Adapter.lora
    model = with_adapter(loaded.model, config.model.lora, config.seed) if lora else loaded.model
    total, trainable = weights(model)
    result = fit(
        model,
        loaded.tokenizer,
        encode(loaded.tokenizer, prompt, train, near_train),
        encode(loaded.tokenizer, prompt, validation, near),
        FitSettings(config.seed, config.training, config.compute),
        resumable,
        on_log,
    )
    summary = summarised(result) | {"parameters": total, "trainable_parameters": trainable}
    if is_main():
        write_history(history / "history.csv", result.history)
        recipe = trained_recipe(config, loaded.recipe.base)
        trained = merged(result.model) if lora else result.model
        save_model(out, trained, loaded.tokenizer, recipe, train)
        if config.generation.omissions is Omissions.auto:
            with suppress(torch.OutOfMemoryError):  # a GPU full of training: they stay as they are
                tried = _try_omissions(config, out, validation)
                write_recipe(out, replace(recipe, states_omissions=tried.helps))
                summary |= {"omissions": asdict(tried) | {"states_omissions": tried.helps}}
        write_text(history / "summary.json", json.dumps(summary, indent=2) + "\n")
        checkpoints.remove(resumable)
    return summary


def _try_omissions(config: Config, folder: Path, validation: Sequence[Report]) -> Trial:
    """Try stating omissions with the model in `folder` on at most TRIED validation reports."""
    compute = config.compute
    model = Summarizer.from_folder(
        folder,
        compute.device,
        compute.precision,
        "validation",
        engine=config.generation.engine,
        threads=compute.threads,
    )
    reports = validation[:TRIED]
    return trial(reports, [prediction.prediction for prediction in model.generate(reports)])


def summarised(result: FitResult) -> Summary:
    """What summary.json says of a training; its times and memory differ from run to run."""
    return {
        "steps": result.steps,
        "epochs": result.epochs,
        "best_step": result.best_step,
        "best_validation_loss": result.best_validation_loss,
        "stopped_early": result.stopped_early,
        "tokens_per_second": round(result.tokens_per_second or 0),
        "peak_memory_bytes": result.peak_memory_bytes,
        "seconds": round(result.seconds, 1),
        "precision": result.precision,
        "device": result.device,
        "processes": result.processes,
        "resumed_from": result.resumed_from,
    }
