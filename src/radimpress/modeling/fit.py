"""Training a sequence-to-sequence model on pairs: the same for pre-training and fine-tuning."""

import copy
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from transformers.utils import logging

from radimpress.modeling import checkpoints, sharding
from radimpress.modeling.allocation import keep_freed_memory
from radimpress.modeling.arguments import FitSettings, training_arguments
from radimpress.modeling.callbacks import Best, Milestones, Orphan, Progress
from radimpress.modeling.distributed import is_main, processes
from radimpress.modeling.encoding import Example
from radimpress.modeling.fused import fused
from radimpress.modeling.history import LogRecord, best, milestones, validation_loss
from radimpress.modeling.loaders import loaders
from radimpress.modeling.packed_model import packed
from radimpress.modeling.packing import rounding_for
from radimpress.modeling.precision import multiplies_bf16
from radimpress.modeling.steps import total_steps
from radimpress.modeling.trainer import PairTrainer
from radimpress.runtime.errors import next_step
from radimpress.runtime.progress import Meter

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast, TrainerCallback


@dataclass(frozen=True, slots=True)
class FitResult:
    """What a training gave.

    `model` holds the weights with the lowest validation loss. It is the model that was given, but
    for FSDP, whose shards cannot be used alone: there it is a whole copy, in the main process only.
    `seconds`, `tokens_per_second` and `peak_memory_bytes` (CUDA's allocations, else the process's
    resident set) are of this call; `resumed_from` is the step it went on from.
    """

    model: "PreTrainedModel"
    history: tuple[LogRecord, ...]
    steps: int
    epochs: float
    best_step: int
    best_validation_loss: float
    stopped_early: bool
    tokens_per_second: float | None
    peak_memory_bytes: int
    seconds: float
    precision: str
    device: str
    processes: int
    resumed_from: int | None


def fit(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerFast",
    train: Sequence[Example],
    validation: Sequence[Example],
    settings: FitSettings,
    checkpoint_folder: Path,
    on_log: Callable[[LogRecord], None] = lambda _: None,
    callbacks: Sequence["TrainerCallback"] = (),
) -> FitResult:
    """Train `model` on `train` and leave the weights that are best on `validation` in the result.

    Goes on from the last complete checkpoint in `checkpoint_folder`, with the same weights in the
    end as without a stop (on a CPU to the bit). The folder stays; delete it with
    `checkpoints.remove` once the model is saved. Every process of a distributed training calls
    this; only the main one calls `on_log`. `callbacks` are the Trainer's: they watch its steps.

    Raises RadimpressError for empty data, a loss that is not finite, a full disk, a lack of GPU
    memory, or when another process holds the folder.
    """
    for name, examples in (("training", train), ("validation", validation)):
        if not examples:
            raise next_step(f"there are no {name} pairs", "look at data/splits/summary.json")
    began, sharded = time.monotonic(), sharding.uses_fsdp(settings.compute)
    logging.set_verbosity_error()
    steps = total_steps(len(train), settings.training)
    arguments = training_arguments(settings, checkpoint_folder, steps, model.config.d_model)
    if arguments.device.type == "cpu":
        keep_freed_memory()
        if arguments.bf16 and not multiplies_bf16() and is_main():
            print(
                "warning: this processor only emulates bf16, many times slower than fp32; "
                "next: set compute.precision=auto",
                file=sys.stderr,
            )
    with _alone_in(checkpoint_folder):
        found = checkpoints.latest(checkpoint_folder)
        if found:
            checkpoints.refuse_other_layout(found, settings.compute.strategy)
        whole = model
        if sharded:
            whole = copy.deepcopy(model) if is_main() else model
            sharding.prepare(model, on_cpu=arguments.device.type == "cpu")
        uses_cache = model.config.use_cache
        rounding = rounding_for(arguments.device, arguments.bf16)
        ids = (tokenizer.pad_token_id, model.config.decoder_start_token_id)
        trainer = PairTrainer(
            model,
            arguments,
            *loaders(train, validation, settings, rounding, ids),
            settings.training.label_smoothing,
            settings.training.patience,
            sharded,
            found.history if found else (),
            on_log if is_main() else lambda _: None,
        )
        trainer.add_callback(Milestones(milestones(steps, settings.training.evaluations)))
        for callback in callbacks:
            trainer.add_callback(callback)
        if top := best(trainer.history):
            trainer.add_callback(Best(checkpoint_folder / f"{checkpoints.PREFIX}{top.step}"))
        with fused(model), packed(model) if settings.compute.packing else nullcontext():
            _train(trainer, settings.title, found)
        _take_weights(trainer, whole)
        model.config.use_cache = whole.config.use_cache = uses_cache
    top = best(trainer.history) or trainer.history[-1]
    last = trainer.history[-1]
    return FitResult(
        model=whole,
        history=tuple(trainer.history),
        steps=last.step,
        epochs=last.epoch,
        best_step=top.step,
        best_validation_loss=validation_loss(top),
        stopped_early=last.step < steps,
        tokens_per_second=trainer.tokens_per_second,
        peak_memory_bytes=_peak_memory(arguments.device),
        seconds=time.monotonic() - began,
        precision="bf16" if arguments.bf16 else "fp32",
        device=arguments.device.type,
        processes=processes(),
        resumed_from=found.step if found else None,
    )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Lock and tidy the checkpoint folder in the main process; the others wait for that."""
    with checkpoints.locked(folder) if is_main() else nullcontext():
        if is_main():
            checkpoints.discard_incomplete(folder)
        if processes() > 1:
            torch.distributed.barrier()
        yield


def _train(trainer: PairTrainer, title: str, found: checkpoints.Checkpoint | None) -> None:
    """Run the Trainer from `found` on, with a meter, and put its known faults into words."""
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    if processes() > 1:
        trainer.add_callback(Orphan())
    logging.disable_progress_bar()  # the Trainer would show one for each checkpoint
    left = trainer.args.max_steps - (found.step if found else 0)
    with Meter(title, left) if is_main() else nullcontext() as meter:
        if meter:
            trainer.add_callback(Progress(meter))
        try:
            trainer.train(resume_from_checkpoint=str(found.folder) if found else None)
        except torch.OutOfMemoryError as error:
            raise next_step(
                f"the GPU has too little memory for {trainer.args.per_device_train_batch_size} "
                "pairs at once",
                "lower compute.micro_batch_size (the result stays the same), set "
                "compute.gradient_checkpointing=true, or use compute=gpu_fsdp or a LoRA adapter",
            ) from error


def _take_weights(trainer: PairTrainer, whole: "PreTrainedModel") -> None:
    """Gather FSDP's shards into `whole`; elsewhere the Trainer left the best weights in it."""
    if not trainer.sharded:
        return
    weights: dict[str, Any] = trainer.accelerator.get_state_dict(trainer.model)
    if is_main():
        whole.load_state_dict(weights)


def _peak_memory(device: torch.device) -> int:
    """Bytes: what PyTorch held on the GPU at most, else what this process held in memory."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
