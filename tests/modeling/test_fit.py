import errno
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

from radimpress.config.schema import Compute, Device, Lora, Precision, Training
from radimpress.modeling import checkpoints
from radimpress.modeling.adapters import with_adapter
from radimpress.modeling.arguments import FitSettings
from radimpress.modeling.batching import collate
from radimpress.modeling.encoding import Example
from radimpress.modeling.fit import FitResult, fit
from radimpress.modeling.history import LogRecord
from radimpress.runtime.errors import RadimpressError

Model = T5ForConditionalGeneration


def copying(count: int, seed: int) -> list[Example]:
    """A task a tiny model can begin to learn: write the first two tokens of the source."""
    dice = random.Random(seed)
    sources = [[dice.randrange(3, 30) for _ in range(dice.randrange(3, 12))] for _ in range(count)]
    return [Example([*source, 1], [*source[:2], 1]) for source in sources]


TRAIN, VALIDATION = copying(70, 1), copying(21, 2)
SETTINGS = FitSettings(
    seed=3,
    training=Training(epochs=4, learning_rate=1e-2, batch_size=16, evaluations=5),
    compute=Compute(device=Device.cpu, threads=1),
)


@pytest.fixture
def model(make_t5: Callable[..., Model]) -> Callable[[], Model]:
    """A fresh model with dropout, so that random numbers matter."""

    def make() -> Model:
        made = make_t5()
        for module in made.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.1
        return made

    return make


@pytest.fixture
def run(
    model: Callable[[], Model], tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> Callable[..., FitResult]:
    """`fit` on the copying task, on a fresh model unless one is given."""

    def fitted(settings: FitSettings = SETTINGS, folder: str = "a", **given: Any) -> FitResult:
        return fit(
            given.pop("model", None) or model(),
            tokenizer,
            given.pop("train", TRAIN),
            given.pop("validation", VALIDATION),
            settings,
            tmp_path / folder,
            **given,
        )

    return fitted


def changed(**training: Any) -> FitSettings:
    return replace(SETTINGS, training=replace(SETTINGS.training, **training))


def computed(**compute: Any) -> FitSettings:
    return replace(SETTINGS, compute=replace(SETTINGS.compute, **compute))


def curve(result: FitResult) -> list[LogRecord]:
    return [replace(record, tokens_per_second=None) for record in result.history]


def same_weights(a: FitResult, b: FitResult) -> bool:
    left, right = a.model.state_dict(), b.model.state_dict()
    return left.keys() == right.keys() and all(torch.equal(left[k], right[k]) for k in left)


def stop_at(step: int) -> Callable[[LogRecord], None]:
    """A log that acts as Ctrl-C after `step`."""

    def on_log(record: LogRecord) -> None:
        if record.step == step:
            raise KeyboardInterrupt

    return on_log


def test_the_loss_goes_down_and_the_result_says_what_happened(
    run: Callable[..., FitResult],
) -> None:
    seen: list[LogRecord] = []
    result = run(on_log=seen.append)
    assert tuple(seen) == result.history
    assert [r.step for r in seen] == list(range(1, 21))  # 70 pairs in batches of 16, 4 epochs
    assert [r.step for r in seen if r.validation_loss is not None] == [4, 8, 12, 16, 20]
    assert seen[0].train_loss == pytest.approx(6.2, abs=0.8)  # a little above chance, ln 300
    assert result.best_validation_loss < 5
    assert (result.steps, result.epochs, result.stopped_early) == (20, 4.0, False)
    assert (result.precision, result.device, result.processes) == ("fp32", "cpu", 1)
    assert result.resumed_from is None
    assert result.tokens_per_second is not None
    assert result.tokens_per_second > 100
    assert 50e6 < result.peak_memory_bytes < 20e9


@pytest.mark.parametrize(
    "step", [9, 20, *(pytest.param(step, marks=pytest.mark.slow) for step in (5, 10, 15, 19))]
)
def test_an_interrupted_training_ends_in_the_same_weights_to_the_bit(
    run: Callable[..., FitResult], step: int
) -> None:
    whole = run(folder="whole")
    with pytest.raises(KeyboardInterrupt):
        run(on_log=stop_at(step))
    resumed = run()
    assert resumed.resumed_from == (step - 1) // 4 * 4
    assert same_weights(whole, resumed)
    assert curve(whole) == curve(resumed)
    assert whole.best_step == resumed.best_step


def test_a_finished_training_is_not_trained_again(run: Callable[..., FitResult]) -> None:
    whole = run()
    again = run()
    assert again.resumed_from == 20
    assert same_weights(whole, again)
    assert curve(whole) == curve(again)


def test_resume_is_exact_with_accumulation_and_a_broken_last_epoch(
    run: Callable[..., FitResult],
) -> None:
    settings = replace(
        changed(epochs=3.3, evaluations=3), compute=replace(SETTINGS.compute, micro_batch_size=4)
    )
    whole = run(settings, folder="whole")
    assert whole.steps == 17
    with pytest.raises(KeyboardInterrupt):
        run(settings, on_log=stop_at(13))
    assert same_weights(whole, run(settings))


def test_resume_is_exact_for_adapters(
    run: Callable[..., FitResult], model: Callable[[], Model]
) -> None:
    lora = Lora(rank=4, alpha=8, dropout=0.1)

    def adapted() -> Any:
        return with_adapter(model(), lora, seed=5)

    whole = run(folder="whole", model=adapted())
    with pytest.raises(KeyboardInterrupt):
        run(model=adapted(), on_log=stop_at(11))
    assert same_weights(whole, run(model=adapted()))


def test_a_half_written_checkpoint_is_ignored_and_deleted(
    run: Callable[..., FitResult], tmp_path: Path
) -> None:
    whole = run(folder="whole")
    with pytest.raises(KeyboardInterrupt):
        run(on_log=stop_at(14))
    half = tmp_path / "a" / "checkpoint-14"
    half.mkdir()
    (half / "model.safetensors").write_bytes(b"half")
    resumed = run()
    assert resumed.resumed_from == 12
    assert same_weights(whole, resumed)
    assert not half.exists()


def test_only_the_last_and_the_best_checkpoint_are_kept(
    run: Callable[..., FitResult], tmp_path: Path
) -> None:
    settings = changed(learning_rate=1.0, scheduler="constant", warmup_ratio=0.0, patience=9)
    result = run(settings)
    kept = {path.name for path in (tmp_path / "a").glob("checkpoint-*")}
    assert result.best_step < 20
    assert kept == {f"checkpoint-{result.best_step}", "checkpoint-20"}


def test_the_model_is_left_with_the_best_weights(
    run: Callable[..., FitResult], model: Callable[[], Model]
) -> None:
    given = model()
    uses_cache = given.config.use_cache
    settings = changed(learning_rate=1.0, scheduler="constant", warmup_ratio=0.0, patience=9)
    result = run(settings, model=given)
    assert result.model is given
    assert result.best_step < result.steps
    batch = collate(VALIDATION, 0, 0)
    del batch["decoder_input_ids"]
    loss = given.eval()(**batch).loss.item()
    assert loss == pytest.approx(result.best_validation_loss, abs=1e-5)
    assert given.config.use_cache is uses_cache


def test_training_stops_when_patience_is_over_and_a_resume_keeps_it_stopped(
    run: Callable[..., FitResult],
) -> None:
    settings = changed(learning_rate=1e-30, patience=2)  # too low to change a weight
    stopped = run(settings)
    assert stopped.stopped_early
    assert (stopped.steps, stopped.best_step) == (12, 4)
    assert stopped.history[-1].step == stopped.steps
    again = run(settings)
    assert again.resumed_from == stopped.steps
    assert again.steps == stopped.steps
    assert same_weights(stopped, again)


def test_micro_batches_do_not_change_the_loss(
    run: Callable[..., FitResult], make_t5: Callable[..., Model]
) -> None:
    whole = run(folder="whole", model=make_t5())
    parts = run(computed(micro_batch_size=3), folder="parts", model=make_t5())
    for a, b in zip(whole.history, parts.history, strict=True):
        assert a.train_loss == pytest.approx(b.train_loss, abs=1e-4)
    assert whole.best_validation_loss == pytest.approx(parts.best_validation_loss, abs=1e-4)


def test_a_training_goes_on_with_another_micro_batch(
    run: Callable[..., FitResult], make_t5: Callable[..., Model]
) -> None:
    whole = run(folder="whole", model=make_t5())
    with pytest.raises(KeyboardInterrupt):
        run(model=make_t5(), on_log=stop_at(10))
    resumed = run(computed(micro_batch_size=5), model=make_t5())
    assert resumed.resumed_from == 8
    assert resumed.steps == whole.steps
    assert resumed.best_validation_loss == pytest.approx(whole.best_validation_loss, abs=1e-4)


def test_gradient_checkpointing_does_not_change_the_weights(
    run: Callable[..., FitResult], make_t5: Callable[..., Model]
) -> None:
    plain = run(folder="plain", model=make_t5())
    saving = run(computed(gradient_checkpointing=True), folder="saving", model=make_t5())
    for name, weight in plain.model.state_dict().items():
        torch.testing.assert_close(weight, saving.model.state_dict()[name], rtol=0, atol=1e-5)


def test_validation_loss_is_free_of_label_smoothing(
    run: Callable[..., FitResult], make_t5: Callable[..., Model]
) -> None:
    result = run(changed(label_smoothing=0.3, max_steps=1), model=make_t5())
    batch = collate(VALIDATION, 0, 0)
    del batch["decoder_input_ids"]
    assert result.steps == 1
    assert result.model(**batch).loss.item() == pytest.approx(result.best_validation_loss, abs=1e-5)


def test_a_loss_that_is_not_finite_stops_at_once_and_says_what_to_try(
    run: Callable[..., FitResult], model: Callable[[], Model]
) -> None:
    broken = model()
    with torch.no_grad():
        broken.lm_head.weight[0, 0] = float("nan")
    with pytest.raises(RadimpressError) as caught:
        run(model=broken)
    message = str(caught.value)
    assert "training loss is not finite at step 1" in message
    assert "training.learning_rate" in message
    assert "\n" not in message


def test_two_trainings_of_the_same_kind_do_not_share_a_folder(
    run: Callable[..., FitResult], tmp_path: Path
) -> None:
    with (
        checkpoints.locked(tmp_path / "a"),
        pytest.raises(RadimpressError, match="another process"),
    ):
        run()


def test_a_full_disk_ends_in_one_line_and_keeps_the_checkpoint_before(
    run: Callable[..., FitResult], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(folder="whole")
    save, calls = torch.save, []

    def filling(*given: Any, **named: Any) -> None:
        calls.append(given)
        if len(calls) > 8:  # a checkpoint saves four things with torch
            raise OSError(errno.ENOSPC, "No space left on device")
        save(*given, **named)

    monkeypatch.setattr(torch, "save", filling)
    with pytest.raises(RadimpressError, match=r"disk is full.*checkpoint-12.*run the same again"):
        run()
    monkeypatch.undo()
    assert not (tmp_path / "a" / "checkpoint-12").exists()
    resumed = run()
    assert resumed.resumed_from == 8
    assert same_weights(whole, resumed)


@pytest.mark.parametrize("empty", ["train", "validation"])
def test_empty_data_is_refused(run: Callable[..., FitResult], empty: str) -> None:
    with pytest.raises(RadimpressError, match="there are no .* pairs"):
        run(**{empty: []})


def test_lack_of_gpu_memory_is_put_into_words(
    run: Callable[..., FitResult], model: Callable[[], Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = model()

    def forward(*_: Any, **__: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(given.lm_head, "forward", forward)
    with pytest.raises(RadimpressError, match=r"too little memory for 32 pairs.*micro_batch_size"):
        run(model=given)


@pytest.mark.parametrize(
    ("precision", "capabilities", "warns"),
    [
        (Precision.bf16, {}, True),
        (Precision.bf16, {"avx512_bf16": True}, False),
        (Precision.auto, {}, False),
    ],
)
def test_bf16_that_the_processor_only_emulates_is_warned_of(
    run: Callable[..., FitResult],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    precision: Precision,
    capabilities: dict[str, bool],
    warns: bool,
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    training = replace(SETTINGS.training, epochs=1, evaluations=1)
    run(
        replace(SETTINGS, training=training, compute=replace(SETTINGS.compute, precision=precision))
    )
    assert ("only emulates bf16" in capsys.readouterr().err) is warns
