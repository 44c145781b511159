"""The Trainer's arguments for our settings: everything that decides a step, and no noise."""

from dataclasses import dataclass, field
from pathlib import Path

from transformers import Seq2SeqTrainingArguments

from radimpress.config.schema import Compute, Training
from radimpress.modeling.distributed import processes
from radimpress.modeling.placement import device_for
from radimpress.modeling.precision import trains_in_bf16
from radimpress.modeling.sharding import fsdp_settings, uses_fsdp


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How to train: `training` decides the weights, `compute` only where they are computed.

    `title` stands before the progress bar.
    """

    seed: int
    training: Training = field(default_factory=Training)
    compute: Compute = field(default_factory=Compute)
    title: str = "training"


def training_arguments(
    settings: FitSettings, checkpoints: Path, steps: int, width: int
) -> Seq2SeqTrainingArguments:
    """Arguments for `steps` optimizer steps of a model of `width` (d_model).

    Raises RadimpressError for a device or precision that this machine lacks. Making them joins the
    processes that torchrun started.
    """
    training, compute = settings.training, settings.compute
    device = device_for(compute.device)
    fsdp = uses_fsdp(compute)
    arguments = Seq2SeqTrainingArguments(
        output_dir=str(checkpoints),
        seed=settings.seed,
        max_steps=steps,
        learning_rate=training.learning_rate,
        lr_scheduler_type=training.scheduler,
        warmup_steps=round(training.warmup_ratio * steps),
        weight_decay=training.weight_decay,
        max_grad_norm=training.max_grad_norm,
        per_device_train_batch_size=compute.micro_batch_size,
        per_device_eval_batch_size=compute.micro_batch_size,
        gradient_accumulation_steps=1,  # PairTrainer cuts a step into micro-batches itself
        average_tokens_across_devices=True,
        # Our Milestones say when; these make the Trainer watch for the best and save at the end.
        eval_strategy="steps",
        save_strategy="steps",
        eval_steps=steps,
        save_steps=steps,
        load_best_model_at_end=True,
        metric_for_best_model="loss",
        greater_is_better=False,
        logging_steps=max(1, steps // 100),
        logging_nan_inf_filter=False,  # we stop there instead
        use_cpu=device.type == "cpu",
        bf16=trains_in_bf16(compute.precision, device, width),
        activation_checkpointing=compute.gradient_checkpointing,
        activation_checkpointing_kwargs={"use_reentrant": False},
        fsdp=True if fsdp else None,
        fsdp_config=fsdp_settings() if fsdp else None,
        ddp_find_unused_parameters=False,
        ddp_backend="gloo" if device.type == "cpu" and processes() > 1 else None,
        remove_unused_columns=False,
        disable_tqdm=True,
        report_to="none",
        log_level="error",
        log_level_replica="error",
    )
    if processes() == 1:
        # More GPUs than processes would make the Trainer split batches by DataParallel.
        arguments._n_gpu = min(1, arguments.n_gpu)
    return arguments
