import pytest
import torch

from radimpress.config.schema import Precision
from radimpress.modeling.precision import trains_in_bf16
from radimpress.runtime.errors import RadimpressError

CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)
V100, A10, H100 = (7, 0), (8, 6), (9, 0)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A pretended GPU; `capability` and `built` are set by the test."""

    def pretend(capability: tuple[int, int], built: list[str]) -> None:
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda *_: capability)
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda *_: "Some GPU")
        monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: built)

    return pretend


@pytest.mark.parametrize(
    ("capability", "bf16"), [(V100, False), (A10, True), (H100, True), ((12, 0), True)]
)
def test_auto_is_bf16_where_the_gpu_has_it(gpu, capability: tuple[int, int], bf16: bool) -> None:
    gpu(capability, ["sm_70", "sm_80", "sm_90", "compute_90"])
    assert trains_in_bf16(Precision.auto, GPU, 128) is bf16
    assert trains_in_bf16(Precision.fp32, GPU, 128) is False


@pytest.mark.parametrize(
    ("capabilities", "width", "bf16"),
    [
        ({"amx_bf16": True}, 512, True),
        ({"amx_bf16": False, "avx512_bf16": True}, 2048, True),
        ({"amx_bf16": True}, 128, False),
        ({"avx512_f": True}, 2048, False),
    ],
)
def test_auto_on_a_cpu_is_bf16_where_it_is_faster(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], width: int, bf16: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert trains_in_bf16(Precision.auto, CPU, width) is bf16
    assert trains_in_bf16(Precision.fp32, CPU, width) is False
    assert trains_in_bf16(Precision.bf16, CPU, width) is True


def test_fp16_is_refused() -> None:
    with pytest.raises(RadimpressError, match="overflows"):
        trains_in_bf16(Precision.fp16, CPU, 128)


def test_bf16_on_a_v100_is_refused_rather_than_emulated(gpu) -> None:
    gpu(V100, ["sm_70"])
    with pytest.raises(RadimpressError, match=r"Some GPU lacks.*compute\.precision=fp32"):
        trains_in_bf16(Precision.bf16, GPU, 128)


def test_a_pytorch_without_code_for_the_gpu_is_said_so_before_training(gpu) -> None:
    gpu(V100, ["sm_75", "sm_80", "sm_90", "compute_90"])
    with pytest.raises(RadimpressError, match=r"no code for Some GPU \(sm_70\)"):
        trains_in_bf16(Precision.auto, GPU, 128)


def test_code_of_the_same_major_runs_on_a_later_minor_but_not_an_earlier(gpu) -> None:
    gpu((8, 9), ["sm_80"])
    assert trains_in_bf16(Precision.auto, GPU, 128)
    gpu((8, 0), ["sm_86"])
    with pytest.raises(RadimpressError, match="sm_80"):
        trains_in_bf16(Precision.auto, GPU, 128)
