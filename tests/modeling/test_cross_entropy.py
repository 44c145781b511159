import pytest
import torch
from torch.nn.functional import cross_entropy

from radimpress.modeling import cross_entropy as module
from radimpress.modeling.cross_entropy import summed_cross_entropy
from radimpress.modeling.packing import IGNORED


@pytest.fixture
def logits() -> torch.Tensor:
    torch.manual_seed(0)
    return (torch.randn(2, 5, 11) * 3).requires_grad_()


@pytest.fixture
def labels() -> torch.Tensor:
    return torch.tensor([[3, 0, 10, IGNORED, 5], [1, IGNORED, 7, 7, 2]])


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("cached", [1, 33, 2**18], ids=["token by token", "three", "all"])
def test_loss_and_gradient_are_pytorchs(
    logits: torch.Tensor,
    labels: torch.Tensor,
    smoothing: float,
    cached: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "CACHED", cached)
    expected = cross_entropy(
        logits.flatten(0, 1), labels.flatten(), reduction="sum", label_smoothing=smoothing
    )
    loss = summed_cross_entropy(logits, labels, smoothing)
    torch.testing.assert_close(loss, expected, rtol=1e-6, atol=0)
    (wanted,) = torch.autograd.grad(expected / 8, logits)
    (found,) = torch.autograd.grad(loss / 8, logits)
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-7)


def test_bf16_logits_are_summed_in_fp32(logits: torch.Tensor, labels: torch.Tensor) -> None:
    rounded = logits.detach().bfloat16().requires_grad_()
    loss = summed_cross_entropy(rounded, labels)
    expected = cross_entropy(rounded.flatten(0, 1).float(), labels.flatten(), reduction="sum")
    assert loss.dtype is torch.float32
    torch.testing.assert_close(loss, expected, rtol=1e-6, atol=0)
    (found,) = torch.autograd.grad(loss, rounded)
    (wanted,) = torch.autograd.grad(expected, rounded)
    torch.testing.assert_close(found, wanted, rtol=0.02, atol=1e-3)


def test_an_impossible_target_costs_much_and_not_infinitely_much() -> None:
    loss = summed_cross_entropy(torch.tensor([[0.0, 1e4]]), torch.tensor([0]))
    assert loss.item() == pytest.approx(1e4)


def test_targets_that_do_not_count_teach_nothing(logits: torch.Tensor) -> None:
    loss = summed_cross_entropy(logits, torch.full((2, 5), IGNORED))
    (found,) = torch.autograd.grad(loss, logits)
    assert loss.item() == 0
    assert not found.any()


def test_without_gradients_the_loss_is_the_same(logits: torch.Tensor, labels: torch.Tensor) -> None:
    with torch.no_grad():
        alone = summed_cross_entropy(logits, labels)
    assert torch.equal(alone, summed_cross_entropy(logits, labels).detach())
