from dataclasses import replace
from pathlib import Path

from radimpress.config.schema import Compute, Device, Training
from radimpress.modeling.arguments import FitSettings, training_arguments

CPU = Compute(device=Device.cpu)


def test_arguments_say_what_the_settings_say(tmp_path: Path) -> None:
    training = Training(
        learning_rate=3e-4,
        scheduler="cosine",
        warmup_ratio=0.1,
        weight_decay=0.01,
        max_grad_norm=0.5,
    )
    settings = FitSettings(9, training, replace(CPU, micro_batch_size=4))
    arguments = training_arguments(settings, tmp_path, steps=200, width=16)
    assert arguments.seed == 9
    assert arguments.max_steps == 200
    assert arguments.learning_rate == 3e-4
    assert arguments.lr_scheduler_type == "cosine"
    assert arguments.warmup_steps == 20
    assert arguments.weight_decay == 0.01
    assert arguments.max_grad_norm == 0.5
    assert arguments.gradient_accumulation_steps == 1
    assert arguments.per_device_train_batch_size == 4
    assert arguments.average_tokens_across_devices
    assert arguments.optim.value.startswith("adamw_torch")
    assert arguments.device.type == "cpu"
    assert not arguments.bf16
    assert not arguments.fp16
    assert arguments.report_to == []


def test_one_process_takes_one_gpu_at_most(tmp_path: Path) -> None:
    assert training_arguments(FitSettings(9, compute=CPU), tmp_path, 1, 16).n_gpu <= 1
