"""The number format of training, and whether this PyTorch can use this GPU at all."""

import torch

from radimpress.config.schema import Precision
from radimpress.modeling.placement import dtype_for
from radimpress.modeling.width import gains_on_cpu
from radimpress.runtime.errors import next_step


def trains_in_bf16(precision: Precision, device: torch.device, width: int) -> bool:
    """Whether to compute in bf16 (weights and optimizer state stay fp32), else all is fp32.

    `auto` is bf16 on GPUs since Ampere, and on CPUs that multiply it in hardware for models of a
    `width` (d_model) of 512 or more; fp32 on V100, other CPUs and for small models. Raises
    RadimpressError for fp16, and for bf16 on a GPU that only emulates it.
    """
    if device.type == "cuda":
        check_gpu(device)
        before_ampere = torch.cuda.get_device_capability(device)[0] < 8
        if precision is Precision.bf16 and before_ampere:
            raise next_step(
                f"compute.precision is bf16, which {torch.cuda.get_device_name(device)} lacks",
                "set compute.precision=fp32 (or auto)",
            )
    elif precision is Precision.auto:
        return gains_on_cpu(width) and multiplies_bf16()
    return dtype_for(precision, device) is torch.bfloat16


def multiplies_bf16() -> bool:
    """Whether this CPU has AMX or AVX-512 for bf16; emulated, it is slower than fp32."""
    have = getattr(torch.cpu, "get_capabilities", dict[str, bool])()  # not in PyTorch 2.10
    return bool(have.get("amx_bf16") or have.get("avx512_bf16"))


def check_gpu(device: torch.device) -> None:
    """Raise RadimpressError where this build of PyTorch has no code for the GPU (V100, for one)."""
    major, minor = torch.cuda.get_device_capability(device)
    built = torch.cuda.get_arch_list()
    if not _runs(major, minor, built):
        raise next_step(
            f"PyTorch {torch.__version__} was built for {' '.join(built)} and has no code for "
            f"{torch.cuda.get_device_name(device)} (sm_{major}{minor})",
            "install a build for it (V100: torch 2.7 or older with CUDA 12.6), or set compute=cpu",
        )


def _runs(major: int, minor: int, built: list[str]) -> bool:
    """Binary code runs on the same major and a minor at least its own; `compute_` code runs on.

    Source: CUDA C++ Programming Guide, "Binary Compatibility" and "PTX Compatibility".
    """
    for name in built:
        kind, _, digits = name.partition("_")
        number = int("".join(c for c in digits if c.isdigit()) or 0)
        have = divmod(number, 10)
        if kind == "sm" and have[0] == major and have[1] <= minor:
            return True
        if kind == "compute" and have <= (major, minor):
            return True
    return False
