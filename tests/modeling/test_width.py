import pytest

from radimpress.modeling.width import gains_on_cpu


@pytest.mark.parametrize(("width", "gains"), [(128, False), (512, True), (2048, True)])
def test_wide_models_gain_from_bf16_and_the_tiny_one_does_not(width: int, gains: bool) -> None:
    assert gains_on_cpu(width) is gains
