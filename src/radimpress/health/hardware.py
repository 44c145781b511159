"""Does this machine carry the configured training? GPUs, their number format, their memory."""

import os
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from radimpress.config.schema import Compute, Config, Device, Origin
from radimpress.health.findings import Finding, fail, ok, warn

GIB = 1 << 30
DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # NVIDIA, AMD, Windows' subsystem for Linux
AMPERE = 8  # compute capability from which bf16 is in hardware


def check_gpu(compute: Compute) -> Finding:
    """The GPUs that `compute` asks for are there and torch can use them."""
    present = 0
    if driver_is_there():
        import torch

        present = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if not present:
        if shutil.which("nvidia-smi") and _driver_answers():
            return fail(
                "GPU",
                f"a GPU is there, but torch {version('torch')} cannot use it",
                "install a CUDA build of torch that fits the driver: make setup TORCH=auto",
            )
        if compute.device is Device.cuda:
            return fail("GPU", "none, but compute.device=cuda", "choose compute=cpu")
        return ok("GPU", f"none: training runs on {compute.threads} CPU threads")
    if compute.processes > present and compute.device is not Device.cpu:
        return fail(
            "GPU",
            f"{present} GPUs, but compute.processes={compute.processes}",
            f"set compute.processes={present}",
        )
    major, minor = torch.cuda.get_device_capability(0)
    name = torch.cuda.get_device_name(0)
    architecture = f"sm_{major}{minor}"
    if architecture not in torch.cuda.get_arch_list() and major < AMPERE:
        return fail(
            "GPU",
            f"{name} ({architecture}) is not among this torch build's {torch.cuda.get_arch_list()}",
            "install a build for CUDA 12.6 or older",
        )
    number = "bf16" if major >= AMPERE else "fp32 (no bf16 before Ampere; T5 overflows in fp16)"
    return ok("GPU", f"{present} x {name}, {number}")


def check_memory(config: Config) -> Finding:
    """The training state and activations fit one device."""
    model = config.model
    if model.origin is Origin.tiny:
        return ok("memory", "the tiny model needs less than 3 GB in all")
    import torch

    from radimpress.modeling.memory import FLAN, shape_of, training_memory

    if model.path and Path(model.path).is_dir():
        shape = shape_of(Path(model.path))
    elif model.name in FLAN:
        shape = FLAN[model.name]
    else:
        return warn("memory", f"the size of {model.name} is not known here", "set model.path")
    on_gpu = torch.cuda.is_available() and config.compute.device is not Device.cpu
    if on_gpu:
        available = torch.cuda.get_device_properties(0).total_memory
        bf16 = torch.cuda.get_device_capability(0)[0] >= AMPERE
    else:
        available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        available //= config.compute.processes
        bf16 = False
    need = training_memory(shape, config, bf16)
    seen = (
        f"{model.name} needs about {need.total / GIB:.1f} GiB a process "
        f"({need.state / GIB:.1f} state, {need.activations / GIB:.1f} activations, "
        f"{need.copies / GIB:.1f} copies), "
        f"{available / GIB:.1f} GiB there"
    )
    if need.total > available:
        return fail(
            "memory",
            seen,
            "lower compute.micro_batch_size, set compute.gradient_checkpointing=true, "
            "model.adapter=lora, or shard over GPUs with compute=gpu_fsdp",
        )
    return ok("memory", seen)


def driver_is_there() -> bool:
    """Whether the system shows a GPU's driver; without one, torch need not be imported: 1.4 s."""
    return any(map(os.path.exists, DRIVERS)) or shutil.which("nvidia-smi") is not None


def _driver_answers() -> bool:
    try:
        return (
            subprocess.run(
                ["nvidia-smi", "-L"], capture_output=True, timeout=20, check=False
            ).returncode
            == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False
