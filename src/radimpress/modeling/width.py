"""From which width on a model gains from bf16 on a CPU."""

WIDE = 512  # d_model from which products gain more in bf16 than the conversions cost on a CPU


def gains_on_cpu(width: int) -> bool:
    """Whether a model of `width` (d_model) trains faster in bf16, on a CPU that multiplies it."""
    return width >= WIDE
