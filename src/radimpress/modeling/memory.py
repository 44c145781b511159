"""How much memory a T5 needs, from its configuration alone: does this model fit this machine?"""

from dataclasses import dataclass
from pathlib import Path

from radimpress.config.schema import Adapter, Compute, Config, Strategy
from radimpress.modeling.layout import has_tied_head, read_config

FP32, BF16 = 4, 2  # bytes
SCORE = 12  # bytes kept of one attention score: its bias, probability and dropped probability
MOMENTS = 2  # of AdamW, each in fp32
BUCKETS = 32  # relative_attention_num_buckets, T5's default


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a T5, named as in its config.json; `tied`: the head is the embedding."""

    vocab_size: int
    d_model: int
    d_kv: int
    d_ff: int
    num_layers: int
    num_decoder_layers: int
    num_heads: int
    gated: bool
    tied: bool

    @property
    def inner(self) -> int:
        """The width of attention, which in T5 need not be d_model."""
        return self.d_kv * self.num_heads


def _flan(d_model: int, d_ff: int, layers: int, heads: int) -> Shape:
    return Shape(32128, d_model, 64, d_ff, layers, layers, heads, gated=True, tied=False)


# The config.json files of google/flan-t5-*.
FLAN = {
    "flan_t5_small": _flan(512, 1024, 8, 6),
    "flan_t5_base": _flan(768, 2048, 12, 12),
    "flan_t5_large": _flan(1024, 2816, 24, 16),
    "flan_t5_xl": _flan(2048, 5120, 24, 32),
    "flan_t5_xxl": _flan(4096, 10240, 24, 64),
}


def shape_of(folder: Path) -> Shape:
    """The shape of the checkpoint in `folder`."""
    config = read_config(folder)
    layers = config["num_layers"]
    return Shape(
        config["vocab_size"],
        config["d_model"],
        config["d_kv"],
        config["d_ff"],
        layers,
        config.get("num_decoder_layers") or layers,
        config["num_heads"],
        gated=config.get("feed_forward_proj", "relu").startswith("gated"),
        tied=has_tied_head(config),
    )


def parameters(shape: Shape) -> int:
    """The number of weights, exactly as `sum(p.numel() for p in model.parameters())`.

    Attention is four matrices d_model x inner; the feed-forward part three d_model x d_ff where
    gated, else two; every block has a norm of d_model weights, each stack one more and one table
    of relative position biases.
    """
    s = shape
    attention = 4 * s.d_model * s.inner + s.d_model
    feed_forward = (3 if s.gated else 2) * s.d_model * s.d_ff + s.d_model
    encoder = s.num_layers * (attention + feed_forward)
    decoder = s.num_decoder_layers * (2 * attention + feed_forward)
    stacks = 2 * (s.d_model + BUCKETS * s.num_heads)
    return embedding_parameters(s) + encoder + decoder + stacks


def lora_parameters(shape: Shape, rank: int, targets: list[str]) -> int:
    """The number of adapter weights: rank x (in + out) for each adapted matrix.

    Hu et al. 2021, LoRA, section 4.1. Targets are q, k, v, o (attention) and wi, wi_0, wi_1, wo.
    """
    s = shape
    attentions = s.num_layers + 2 * s.num_decoder_layers
    blocks = s.num_layers + s.num_decoder_layers
    of_attention = len({"q", "k", "v", "o"} & set(targets)) * attentions * (s.d_model + s.inner)
    wide = ({"wi_0", "wi_1"} if s.gated else {"wi"}) | {"wo"}
    of_feed_forward = len(wide & set(targets)) * blocks * (s.d_model + s.d_ff)
    return rank * (of_attention + of_feed_forward)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes on one device while training.

    `copies`: weights and gradients held a second time, by autocast, DDP or FSDP.
    """

    weights: int
    gradients: int
    optimizer: int
    activations: int
    copies: int = 0

    @property
    def state(self) -> int:
        """What is held between steps: weights, gradients and optimizer moments."""
        return self.weights + self.gradients + self.optimizer

    @property
    def total(self) -> int:
        """All of it; the CUDA context (about 0.5 GiB) and fragmentation come on top."""
        return self.state + self.activations + self.copies


def training_memory(
    shape: Shape, config: Config, bf16: bool, source: int | None = None, target: int | None = None
) -> Estimate:
    """What one device holds in a training step as `config` asks for it.

    `source` and `target` are the tokens of the longest pair; by default what the prompt allows.
    Weights, gradients and the two moments of AdamW are fp32 with or without bf16 autocast: 16 bytes
    a trained weight, as in Rajbhandari et al. 2020, ZeRO, section 3.1. FSDP shards all of them over
    the processes of all nodes (ZeRO stage 3, section 5.3); DDP holds them whole. With LoRA the
    frozen weights need no gradients and no moments.
    """
    model, compute = config.model, config.compute
    frozen, trained = 0, parameters(shape)
    if model.adapter is Adapter.lora:
        frozen, trained = trained, lora_parameters(shape, model.lora.rank, model.lora.targets)
    shards = compute.processes if compute.strategy is Strategy.fsdp else 1
    rows = max(1, min(compute.micro_batch_size, config.training.batch_size // compute.processes))
    source = min(source or model.max_source_tokens, model.max_source_tokens)
    target = min(target or model.max_target_tokens, model.max_target_tokens)
    return Estimate(
        weights=FP32 * (frozen + trained) // shards,
        gradients=FP32 * trained // shards,
        optimizer=MOMENTS * FP32 * trained // shards,
        activations=activation_bytes(
            shape, rows, source, target, bf16, compute.gradient_checkpointing
        ),
        copies=_copies(shape, compute, frozen + trained, trained, bf16),
    )


def _copies(shape: Shape, compute: Compute, weights: int, trained: int, bf16: bool) -> int:
    """What is held beside the state, by the strategy.

    Autocast keeps the bf16 copy of every weight from its first use to the end of the step. DDP
    gathers gradients in buckets beside them. FSDP instead holds whole, in the number format of
    computing, the root unit (embedding and head) and two blocks, the one at work and the next, and
    the gradients of one.
    """
    size = BF16 if bf16 else FP32
    if compute.strategy is Strategy.fsdp and compute.processes > 1:
        return size * (embedding_parameters(shape) + 3 * _largest_block(shape))
    cast = BF16 * weights if bf16 else 0
    return cast + (FP32 * trained if compute.strategy is Strategy.ddp else 0)


def embedding_parameters(shape: Shape) -> int:
    """Weights of the embedding, and of the head where it is another matrix."""
    return (1 if shape.tied else 2) * shape.vocab_size * shape.d_model


def _largest_block(shape: Shape) -> int:
    """Weights of a decoder block without its norms: two attentions and the feed-forward part."""
    s = shape
    return 8 * s.d_model * s.inner + (3 if s.gated else 2) * s.d_model * s.d_ff


def inference_memory(shape: Shape, rows: int, source: int, target: int, bf16: bool) -> int:
    """Bytes while generating greedily: weights, and keys and values of both attentions.

    Every decoder layer keeps 2 x inner numbers for each of the `source` tokens and each of the
    `target` tokens written so far.
    """
    size = BF16 if bf16 else FP32
    cache = rows * (source + target) * shape.num_decoder_layers * 2 * shape.inner
    return size * (parameters(shape) + cache)


def activation_bytes(
    shape: Shape, rows: int, source: int, target: int, bf16: bool, checkpointing: bool
) -> int:
    """Bytes kept for the backward pass of `rows` pairs of `source` and `target` tokens.

    Bytes a token and layer, and a score (heads x queries x keys), were counted on transformers 5.23
    with PyTorch's saved-tensor hooks, on the CPU and at FLAN's dropout of 0.1
    (tests/modeling/test_memory.py counts again). GPU kernels keep fewer scores, so this is an upper
    estimate. With gradient checkpointing a layer keeps its fp32 input only, and the rest returns
    for one layer at a time.
    """
    s = shape
    by_width, by_inner, by_feed_forward = (62, 29, 20) if bf16 else (47, 24, 32)
    token = by_width * s.d_model + by_inner * s.inner + by_feed_forward * s.d_ff
    scores = SCORE * s.num_heads
    encoder = rows * source * (token + scores * source)
    decoder = rows * target * (token + scores * (target + source))
    # Logits in the compute format, their log-softmax in fp32, and the gradient of each.
    logits = 2 * rows * target * s.vocab_size * (BF16 + FP32 if bf16 else FP32)
    if not checkpointing:
        return s.num_layers * encoder + s.num_decoder_layers * decoder + logits
    inputs = FP32 * rows * s.d_model * (s.num_layers * source + s.num_decoder_layers * target)
    return inputs + max(encoder, decoder) + logits
