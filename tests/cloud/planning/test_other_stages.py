import pytest

from radimpress.cloud.planning.data_size import DataSize
from radimpress.cloud.planning.other_stages import plan_stage, refuse_stage
from radimpress.config.load import compose
from radimpress.modeling.flops import Lengths, forward_flops
from radimpress.modeling.memory import FLAN
from radimpress.runtime.errors import RadimpressError

DATA = DataSize(1000, 100, 320, Lengths.of(87, 23), 512, 128, "given")
XL = ["model=flan_t5_xl", "training=flan", "compute=sagemaker_p5_4xlarge"]


@pytest.fixture(autouse=True)
def _here(root, monkeypatch):
    monkeypatch.chdir(root)


def test_generating_is_a_forward_pass_of_every_test_report_by_each_of_two_models():
    made = plan_stage(compose([*XL, "generation.max_new_tokens=64"]), "generate", DATA)
    pair = forward_flops(FLAN["flan_t5_xl"], Lengths.of(87, 64)).total
    assert made.work.flops == pytest.approx(2 * 320 * pair, rel=0.01)  # half the causal scores
    assert made.work.tokens == 2 * 320 * (87 + 64)
    assert "320 test reports by foundation and finetuned" in str(made)
    assert not made.problems


def test_beams_cost_the_decoder_again_but_not_the_encoder():
    one, four = (
        plan_stage(compose([*XL, f"generation.num_beams={n}"]), "generate", DATA) for n in (1, 4)
    )
    assert 2 < four.work.flops / one.work.flops < 4


def test_a_model_of_the_hub_is_only_fetched():
    made = plan_stage(compose(XL), "foundation")
    assert made.work.flops == 0
    assert "is fetched (11.4 GB), nothing is computed" in str(made)
    assert 0.1 < made.hours < 0.5


def test_the_tiny_model_is_pre_trained():
    made = plan_stage(compose(["compute=sagemaker_cpu"]), "foundation")
    assert "pre-trained on 10,000 generated reports" in str(made)
    assert made.work.tokens == 20_000 * (67 + 15)
    assert made.work.flops > 1e12
    assert made.usd < 0.1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("compute.job.max_cost_usd=0.01", "max_cost_usd"),
        ("compute.job.max_hours=0.01", "max_hours"),
        ("compute.job.instance_type=ml.new.big", "nothing is known here of ml.new.big"),
        ("compute.job.instance_type=ml.p3.16xlarge", "AWS asked to leave P3"),
        ("compute.job.instance_type=ml.m5.large", "take a larger machine"),
    ],
)
def test_what_is_dear_long_unknown_retired_or_too_large_is_refused(change, words):
    made = plan_stage(compose([*XL, change]), "generate", DATA)
    with pytest.raises(RadimpressError, match=words):
        refuse_stage(made)
