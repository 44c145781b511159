import pytest
import torch

from radimpress.config.schema import Device, Precision
from radimpress.modeling.placement import device_for, dtype_for
from radimpress.runtime.errors import RadimpressError

CPU = torch.device("cpu")


def test_cpu_is_cpu_even_beside_a_gpu() -> None:
    assert device_for(Device.cpu) == CPU


def test_auto_takes_the_gpu_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device_for(Device.auto).type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device_for(Device.auto) == CPU


def test_asking_for_a_gpu_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RadimpressError, match="sees no GPU here; next: set compute=cpu"):
        device_for(Device.cuda)


@pytest.mark.parametrize(
    ("precision", "dtype"),
    [
        (Precision.auto, torch.float32),
        (Precision.fp32, torch.float32),
        (Precision.bf16, torch.bfloat16),
    ],
)
def test_the_cpu_computes_in_fp32_unless_told(precision: Precision, dtype: torch.dtype) -> None:
    assert dtype_for(precision, CPU) is dtype


@pytest.mark.parametrize(
    ("capability", "dtype"), [((7, 0), torch.float32), ((8, 0), torch.bfloat16)]
)
def test_auto_on_a_gpu_is_bf16_since_ampere(
    monkeypatch: pytest.MonkeyPatch, capability: tuple[int, int], dtype: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: capability)
    assert dtype_for(Precision.auto, torch.device("cuda")) is dtype


def test_fp16_is_refused_with_the_reason() -> None:
    with pytest.raises(RadimpressError, match="T5 overflows in fp16"):
        dtype_for(Precision.fp16, CPU)
