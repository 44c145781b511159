"""transformers' Seq2SeqTrainer with our batches, exact token means, and stops that say why."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch.nn import Module
from torch.utils.data import DataLoader
from transformers import PrinterCallback, Seq2SeqTrainer, Seq2SeqTrainingArguments

from radimpress.modeling import checkpoints
from radimpress.modeling.cross_entropy import summed_cross_entropy
from radimpress.modeling.distributed import Nodes, from_all
from radimpress.modeling.encoding import Example
from radimpress.modeling.history import LogRecord, best, patience_is_over
from radimpress.modeling.loaders import Batch, PairLoader
from radimpress.modeling.packing import IGNORED
from radimpress.modeling.sharding import kept_shards, put_back
from radimpress.runtime.errors import next_step


class PairTrainer(Seq2SeqTrainer):
    """Trains on pairs; the loss is the mean over all target tokens of a step's global batch.

    It differs from its parent in five things. Batches are `GlobalBatches`, so that the number of
    processes does not matter, and a step accumulates as many micro-batches as it needs. Validation
    is the exact token mean. Records go to `history` and `on_log` instead of a text log. Checkpoints
    are complete or absent. A loss that is not finite stops the training.
    """

    def __init__(
        self,
        model: Module,
        args: Seq2SeqTrainingArguments,
        train: PairLoader,
        validation: PairLoader,
        label_smoothing: float,
        patience: int,
        sharded: bool,
        history: Sequence[LogRecord],
        on_log: Callable[[LogRecord], None],
    ) -> None:
        super().__init__(
            model=model,
            args=args,
            data_collator=train.collate_fn,
            train_dataset=train.dataset,
            eval_dataset=validation.dataset,
            compute_loss_func=partial(_token_mean, label_smoothing=label_smoothing),
        )
        self.model_accepts_loss_kwargs = False  # the loss is ours: T5 need not hear how to scale it
        self.remove_callback(PrinterCallback)
        self.train_loader, self.validation_loader = train, validation
        self.patience, self.sharded, self.on_log = patience, sharded, on_log
        self.history = list(history)
        self.tokens = 0
        self._began: float | None = None
        self._paused = 0.0
        self._last_logs: dict[str, float] = {}
        self._several = Nodes.of_environment().count > 1
        self._best_shards: dict[str, torch.Tensor] | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to train: all steps are taken, or patience is at its end."""
        taken = self.history[-1].step if self.history else 0
        return taken >= self.args.max_steps or patience_is_over(self.history, self.patience)

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens over the time spent on training steps; validation and checkpoints left out."""
        spent = time.monotonic() - self._began - self._paused if self._began else 0.0
        return self.tokens / spent if self.tokens and spent > 0 else None

    def get_train_dataloader(self) -> DataLoader[list[Example]]:
        """Ours is cut for this process already; accelerate must not cut it again."""
        return self.train_loader

    def get_batch_samples(
        self, epoch_iterator: Iterator[list[Batch]], _num_batches: int, device: torch.device
    ) -> tuple[list[list[Batch]], torch.Tensor]:
        """A step, which is one item of the loader, and its target tokens over all processes."""
        _, targets = self.train_loader.batches.tokens(self.state.global_step)
        return [next(epoch_iterator)], torch.tensor(targets, device=device)

    def training_step(
        self, model: Module, inputs: list[Batch], num_items_in_batch: Any = None
    ) -> Any:
        """Forward and backward of a step's micro-batches. Raises RadimpressError for a bad loss."""
        self._began = self._began or time.monotonic()
        loss = torch.zeros((), device=self.args.device)
        for number, batch in enumerate(inputs, start=1):
            # DDP adds up over processes once a step; FSDP at once, or it would hold whole gradients
            last = number == len(inputs) or self.sharded
            with nullcontext() if last else self.accelerator.no_sync(model):
                loss += super().training_step(model, batch, num_items_in_batch)
        finite = torch.isfinite(loss)
        if self.args.world_size > 1:  # all processes must stop together
            finite = self.accelerator.reduce(finite.float(), "mean") == 1
        if not finite:
            self._refuse_loss("training")
        return loss

    def floating_point_ops(self, _inputs: Any) -> int:
        """Not counted: nothing reads the parent's estimate, which expects padded batches."""
        return 0

    def evaluate(self, *_: Any, **__: Any) -> dict[str, float]:
        """The validation loss in nats a target token, without label smoothing, as `eval_loss`."""
        self.control.should_evaluate = False
        with self._pause():
            loss = self._validation_loss()
        if not math.isfinite(loss):
            self._refuse_loss("validation")
        self._record(loss)
        if self.is_finished:
            self.control.should_training_stop = True
        return {"eval_loss": loss}

    def log(self, logs: dict[str, float], *_: Any) -> None:
        """Keep a training record; one that validation follows at once waits for its loss."""
        self.control.should_log = False
        if "loss" not in logs:
            return
        self._last_logs = logs
        if not self.control.should_evaluate:
            self._record(None)

    def _record(self, validation_loss: float | None) -> None:
        step = self.state.global_step
        first = self.history[-1].step if self.history else 0
        self.tokens += sum(sum(self.train_loader.batches.tokens(s)) for s in range(first, step))
        record = LogRecord(
            step=step,
            epoch=round(step / self.train_loader.batches.steps, 4),
            train_loss=self._last_logs.get("loss"),
            validation_loss=validation_loss,
            learning_rate=self._last_logs.get("learning_rate"),
            tokens_per_second=self.tokens_per_second,
        )
        self.history.append(record)
        self.on_log(record)

    def _validation_loss(self) -> float:
        model = self.model
        model.eval()
        sums = torch.zeros(2, dtype=torch.float64, device=self.args.device)
        for batch in chain.from_iterable(self.validation_loader):
            inputs = self._prepare_inputs(batch)
            labels = inputs.pop("labels")
            with torch.no_grad():
                logits = model(**inputs).logits
                sums[0] += summed_cross_entropy(logits, labels).double()
                sums[1] += labels.ne(IGNORED).sum()
        total, count = self.accelerator.reduce(sums, "sum").tolist()
        return total / count

    def _refuse_loss(self, what: str) -> None:
        rate = self.optimizer.param_groups[0]["lr"]
        step = self.state.global_step + (what == "training")
        raise next_step(
            f"the {what} loss is not finite at step {step} with learning rate {rate:.3g}",
            "lower training.learning_rate, raise training.warmup_ratio, or set "
            "compute.precision=fp32; checkpoints before this step are kept",
        )

    def _save_checkpoint(self, model: Module, trial: Any) -> None:
        """Write everything, then the marker; then drop all but this one and the best."""
        root, step = Path(self.args.output_dir), self.state.global_step
        folder = root / f"{checkpoints.PREFIX}{step}"
        with self._pause(), checkpoints.writing(folder):
            super()._save_checkpoint(model, trial)
            self.accelerator.wait_for_everyone()
            top = best(self.history)
            best_step = top.step if top else step
            # The parent looks for the best folder before FSDP has made it, and then takes another.
            self.state.best_model_checkpoint = str(root / f"{checkpoints.PREFIX}{best_step}")
            if self._several and self.sharded and best_step == step:
                self._best_shards = kept_shards(self.model)
            written = from_all(checkpoints.sizes(folder)) if self._several else []
            if self.args.should_save:
                elsewhere = {name: size for files in written for name, size in files.items()}
                checkpoints.complete(folder, step, self.sharded, self.history, elsewhere)
                checkpoints.keep(root, {step, best_step})

    def _load_best_model(self) -> None:
        """Take the best weights; over several machines out of memory, where they are at hand.

        There each machine has only its own shards on disk, and reading needs those of all. After a
        resume all of them are on every machine: SageMaker brings them from S3.
        """
        if self._best_shards is None:
            super()._load_best_model()
        else:
            put_back(self.model, self._best_shards)

    def _run_epoch(self, *args: Any, **kwargs: Any) -> None:
        """Train an epoch, unless the checkpoint that we resumed from was the last one."""
        if self.is_finished:
            self.control.should_training_stop = True
            return
        super()._run_epoch(*args, **kwargs)

    @contextmanager
    def _pause(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._paused += time.monotonic() - began


def _token_mean(
    outputs: Any, labels: torch.Tensor, num_items_in_batch: Any, label_smoothing: float
) -> torch.Tensor:
    """A micro-batch's share of the mean over the target tokens of the whole step."""
    return summed_cross_entropy(outputs.logits, labels, label_smoothing) / num_items_in_batch
