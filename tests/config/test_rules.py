import pytest

from radimpress.config.load import compose
from radimpress.config.rules import check, warnings
from radimpress.runtime.errors import RadimpressError


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch, root):
    monkeypatch.chdir(root)


REFUSED = [
    (["compute.precision=fp16"], "compute.precision: T5 overflows in fp16"),
    (
        ["data=mimic_cxr", "tracking.log_text=true"],
        "tracking.log_text: report text of a credentialed",
    ),
    (["data=csv", "tracking.log_text=true"], "tracking.log_text: report text of a private"),
    (["data=csv", "data.columns.findings=null"], "data.columns: format csv needs findings"),
    (["data.split.test=0.95"], "data.split: validation 0.1, test 0.95 must be above 0"),
    (["data.split.max_contamination=2"], "data.split.max_contamination: is a share"),
    (["data=indiana", "data.split.method=official"], "data.split.file: must name the official"),
    (["data=csv", "model=t5_tiny_retrieval"], "tracking.model: copy would send training reports"),
    (["data.external.name=x"], "data.external.path: must be set"),
    (
        ["data.external.name=a-b", "data.external.path=x"],
        "data.external.name: 'a-b' must be a plain",
    ),
    (["model=flan_t5_base", "model.revision=main"], "model.revision: must be the full 40-digit"),
    (["model=flan_t5_base", "model.hub_id=null"], "model.hub_id: is not set"),
    (
        ["model.prompt='{finding}'"],
        r"model.prompt: knows \['background', 'findings', 'neighbours'\]",
    ),
    (["model.prompt=nothing"], "model.prompt: must contain {findings}"),
    (["model.prompt='{findings'"], "model.prompt: is no template"),
    (["model.retrieval=1"], "model.prompt: must contain {neighbours}"),
    (["model.prompt='{findings} {neighbours}'"], "model.retrieval: is 0 but the prompt asks"),
    (["model.tiny.heads=3"], "model.tiny.heads: 3 must divide d_model 128"),
    (["compute.processes=2"], "compute.strategy: single runs one process"),
    (["compute.strategy=ddp", "compute.processes=3"], "training.batch_size: 16 must be a multiple"),
    (["training.batch_size=48"], "compute.micro_batch_size: 32 must divide the 48"),
    (["training.learning_rate=0"], "training.learning_rate: is 0"),
    (["training.epochs=0", "training.max_steps=-1"], "training.epochs: must be above 0"),
    (["training.patience=0"], "training.patience: is 0, expected at least 1"),
    (["evaluation.confidence=1.5"], "evaluation.confidence: is 1.5"),
    (["generation.systems=[lead,lead,finetuned]"], "generation.systems: names a system twice"),
    (["generation.systems=[lead]"], "evaluation.candidate: 'finetuned' is not among"),
    (["data.limit=0"], "data.limit: is 0"),
]


@pytest.mark.parametrize(("overrides", "message"), REFUSED)
def test_a_bad_combination_is_refused_by_name(overrides, message):
    with pytest.raises(RadimpressError, match=message):
        compose(overrides)


WARNED = [
    (["generation.max_new_tokens=200"], "generation.max_new_tokens: is 200, but training targets"),
    (["data.split.overlap=allow"], "data.split.overlap: allow keeps pairs"),
    (["data.profile=mediqa"], "data.cleaning.list_numbers: strip has no effect"),
    (["model.adapter=lora"], "model.adapter: LoRA on the tiny model"),
    (["generation.systems=[finetuned]"], "generation.systems: has no baseline"),
]


@pytest.mark.parametrize(("overrides", "message"), WARNED)
def test_a_doubtful_combination_is_warned_about(overrides, message):
    assert any(line.startswith(message) for line in warnings(compose(overrides)))


def test_the_default_configuration_has_no_problem():
    assert check(compose()) == []


def test_every_refusal_is_told_at_once():
    with pytest.raises(RadimpressError) as caught:
        compose(["compute.precision=fp16", "training.learning_rate=-1"])
    assert "compute.precision" in str(caught.value)
    assert "training.learning_rate" in str(caught.value)
