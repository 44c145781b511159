"""How many floating-point operations a T5 needs, from its configuration alone.

Only matrix products count, a multiply and an add as two operations: an (m x k) by (k x n) product
is 2mkn, as in Kaplan et al. 2020 (Scaling Laws for Neural Language Models, section 2.1) and in
PyTorch's FlopCounterMode, which tests/modeling/test_flops.py compares. Norms, softmax, dropout,
GELU and the optimizer are left out; they are bound by memory, not by arithmetic.
"""

from dataclasses import dataclass

from radimpress.modeling.memory import Shape


@dataclass(frozen=True, slots=True)
class Forward:
    """Operations of one forward pass, by what they multiply."""

    layers: float  # tokens with the weights of the blocks
    scores: float  # tokens with tokens: queries with keys, probabilities with values
    head: float  # tokens with the vocabulary

    @property
    def total(self) -> float:
        """All of them."""
        return self.layers + self.scores + self.head

    def __mul__(self, times: float) -> "Forward":
        return Forward(self.layers * times, self.scores * times, self.head * times)


@dataclass(frozen=True, slots=True)
class Lengths:
    """Token counts of one pair on average: their mean, mean square and mean product.

    Attention needs the squares: the mean of s x s is more than the square of the mean.
    """

    source: float
    target: float
    source_square: float
    target_square: float
    product: float

    @classmethod
    def of(cls, source: int, target: int) -> "Lengths":
        """A pair of exactly `source` and `target` tokens."""
        return cls(source, target, source**2, target**2, source * target)


def forward_flops(shape: Shape, lengths: Lengths) -> Forward:
    """Operations of the forward pass of one pair of `lengths`.

    Each encoder token meets the encoder's weights, each decoder token the decoder's; the keys and
    values of cross-attention are products of encoder tokens with decoder weights. Scores are
    counted in full, without the half that the causal mask hides, as in Chowdhery et al. 2022
    (PaLM, appendix B): kernels compute them.
    """
    s = shape
    matrix = 2 * s.d_model * s.inner  # operations of one token with q, k, v or o
    feed_forward = (3 if s.gated else 2) * 2 * s.d_model * s.d_ff
    encoder = s.num_layers * (4 * matrix + feed_forward) * lengths.source
    decoder = s.num_decoder_layers * (
        (4 * matrix + 2 * matrix + feed_forward) * lengths.target + 2 * matrix * lengths.source
    )
    squares = s.num_layers * lengths.source_square + s.num_decoder_layers * (
        lengths.target_square + lengths.product
    )
    return Forward(
        layers=encoder + decoder,
        scores=4 * s.inner * squares,
        head=2 * s.d_model * s.vocab_size * lengths.target,
    )


def training_flops(forward: Forward, frozen: bool = False) -> float:
    """Operations of a training step that learns from `forward`: it, and the backward pass.

    The backward pass takes two products for each of the forward pass, one for the gradient of each
    factor (Kaplan et al.: 6 operations a weight and token). With `frozen` weights (LoRA) the
    products for their gradients fall away; scores have no weights. The adapters' own products are
    left out: they are small.
    """
    weights = forward.layers + forward.head
    return (2 if frozen else 3) * weights + 3 * forward.scores


def recomputed_flops(forward: Forward) -> float:
    """What gradient checkpointing adds: every block's forward pass once more.

    PaLM (appendix B) leaves this out of the model FLOPs utilisation and counts it in the hardware
    FLOPs utilisation; so do we.
    """
    return forward.layers + forward.scores
