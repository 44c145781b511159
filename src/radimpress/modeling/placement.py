"""Where a model runs and in which number format."""

import torch

from radimpress.config.schema import Device, Precision
from radimpress.runtime.errors import next_step


def device_for(device: Device) -> torch.device:
    """The device to use; `auto` takes a GPU where there is one. Raises RadimpressError without."""
    if device is Device.cuda and not torch.cuda.is_available():
        raise next_step(
            "compute.device is cuda, but PyTorch sees no GPU here",
            "set compute=cpu, or mend the driver (`nvidia-smi`, `radimpress doctor`)",
        )
    if device is Device.auto:
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return torch.device(device.value)


def dtype_for(precision: Precision, device: torch.device) -> torch.dtype:
    """The number format of inference; `auto` is bf16 on GPUs that have it, fp32 elsewhere."""
    if precision is Precision.fp16:
        raise next_step("T5 overflows in fp16", "set compute.precision to bf16 or fp32")
    if precision is Precision.bf16:
        return torch.bfloat16
    if precision is Precision.fp32 or device.type == "cpu":
        return torch.float32
    # Ampere is compute capability 8; before it, bf16 is emulated and slow.
    has_bf16 = torch.cuda.get_device_capability(device)[0] >= 8
    return torch.bfloat16 if has_bf16 else torch.float32
