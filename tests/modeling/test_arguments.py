from dataclasses import replace
from pathlib import Path

import pytest
from accelerate.utils import FullyShardedDataParallelPlugin
from transformers import Seq2SeqTrainingArguments

from radimpress.config.schema import Compute, Device, Strategy, Training
from radimpress.modeling.arguments import (
    FitSettings,
    fsdp_settings,
    total_steps,
    training_arguments,
    uses_fsdp,
)

CPU = Compute(device=Device.cpu)


@pytest.mark.parametrize(
    ("examples", "training", "steps"),
    [
        (70, Training(epochs=4, batch_size=16), 20),
        (64, Training(epochs=4, batch_size=16), 16),
        (70, Training(epochs=3.3, batch_size=16), 17),
        (3, Training(epochs=0.1, batch_size=16), 1),
        (70, Training(epochs=4, batch_size=16, max_steps=7), 7),
    ],
)
def test_total_steps_count_small_last_batches(
    examples: int, training: Training, steps: int
) -> None:
    assert total_steps(examples, training) == steps


def test_arguments_say_what_the_settings_say(tmp_path: Path) -> None:
    training = Training(
        learning_rate=3e-4,
        scheduler="cosine",
        warmup_ratio=0.1,
        weight_decay=0.01,
        max_grad_norm=0.5,
    )
    settings = FitSettings(9, training, replace(CPU, micro_batch_size=4))
    arguments = training_arguments(settings, tmp_path, steps=200, accumulation=2)
    assert arguments.seed == 9
    assert arguments.max_steps == 200
    assert arguments.learning_rate == 3e-4
    assert arguments.lr_scheduler_type == "cosine"
    assert arguments.warmup_steps == 20
    assert arguments.weight_decay == 0.01
    assert arguments.max_grad_norm == 0.5
    assert arguments.gradient_accumulation_steps == 2
    assert arguments.per_device_train_batch_size == 4
    assert arguments.average_tokens_across_devices
    assert arguments.optim.value.startswith("adamw_torch")
    assert arguments.device.type == "cpu"
    assert not arguments.bf16
    assert not arguments.fp16
    assert arguments.report_to == []


def test_one_process_takes_one_gpu_at_most(tmp_path: Path) -> None:
    assert training_arguments(FitSettings(9, compute=CPU), tmp_path, 1, 1).n_gpu <= 1


def test_fsdp_needs_somebody_to_share_with(monkeypatch: pytest.MonkeyPatch) -> None:
    sharded = Compute(strategy=Strategy.fsdp, processes=8)
    assert not uses_fsdp(sharded)
    monkeypatch.setenv("WORLD_SIZE", "8")
    assert uses_fsdp(sharded)
    assert not uses_fsdp(replace(sharded, strategy=Strategy.ddp))


@pytest.mark.parametrize("saving", [False, True])
def test_fsdp_shards_fully_in_units_of_a_t5_block(tmp_path: Path, saving: bool) -> None:
    compute = Compute(strategy=Strategy.fsdp, gradient_checkpointing=saving)
    arguments = Seq2SeqTrainingArguments(
        output_dir=str(tmp_path), use_cpu=True, fsdp=True, fsdp_config=fsdp_settings(compute)
    )
    plugin = FullyShardedDataParallelPlugin(**arguments.fsdp_plugin_args)
    assert plugin.fsdp_version == 2
    assert plugin.reshard_after_forward is True
    assert plugin.transformer_cls_names_to_wrap == ["T5Block"]
    assert plugin.activation_checkpointing is saving
    assert plugin.state_dict_type.name == "SHARDED_STATE_DICT"
