import pytest
import torch

from radimpress.modeling.packed_attention import collect, spread
from radimpress.modeling.slots import Slots, slots

CPU = torch.device("cpu")


@pytest.fixture
def two_blocks() -> Slots:
    """Pairs of 3, 2 and 1 tokens, two heads, in blocks of widths 3 and 2; two tokens of filling."""
    return slots((3, 2, 1), ((2, 3), (1, 2)), heads=2, row=8, device=CPU)


def test_what_is_spread_comes_back(two_blocks: Slots) -> None:
    row = torch.randn(16, 5)
    assert torch.equal(collect(spread(row, two_blocks), two_blocks)[:12], row[:12])


def test_gradients_are_those_of_plain_indexing(two_blocks: Slots) -> None:
    row = torch.randn(16, 5, requires_grad=True)
    weights = torch.randn(16, 5).masked_fill(torch.arange(16)[:, None] >= 12, 0.0)
    (collect(spread(row, two_blocks).square(), two_blocks) * weights).sum().backward()
    assert row.grad is not None
    torch.testing.assert_close(row.grad[:12], (2 * row * weights)[:12].detach())
    assert not row.grad[12:].any()
