import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from radimpress.config.schema import Compute, Config, Device, Model, Origin, Strategy, Tiny
from radimpress.corpus.synthetic import pairs
from radimpress.modeling import tiny as module
from radimpress.modeling.batching import collate
from radimpress.modeling.encoding import encode
from radimpress.modeling.folder import load_model
from radimpress.modeling.foundation import foundation_recipe
from radimpress.modeling.retrieval import Retrieval
from radimpress.modeling.tiny import make_tiny, new_t5

pytestmark = pytest.mark.xdist_group("tiny")  # one worker, which makes `plain` once
NANO = Tiny(
    d_model=32,
    heads=2,
    d_ff=32,
    layers=1,
    vocabulary=400,
    reports=300,
    epochs=2,
    batch_size=16,
    learning_rate=1e-2,
)


@pytest.fixture(autouse=True)
def _checkpoints_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))


def configuration(prompt: str = "{findings}", retrieval: int = 0, **compute: object) -> Config:
    model = Model(
        name="t5_nano",
        origin=Origin.tiny,
        prompt=prompt,
        retrieval=retrieval,
        tiny=NANO,
        max_source_tokens=320,
    )
    return Config(model=model, compute=Compute(device=Device.cpu, threads=1, **compute))


def make(config: Config, out: Path) -> dict[str, str]:
    make_tiny(config, foundation_recipe(config, "test"), out)
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(out.iterdir())}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """One undisturbed pre-training: where DVC's root is, and the digests of what was made."""
    root = tmp_path_factory.mktemp("plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DVC_ROOT", str(root))
        return root, make(configuration(), root / "out")


def loss(folder: Path, config: Config) -> float:
    loaded = load_model(folder, "cpu")
    fresh = pairs("A", 40, seed=99)
    near = Retrieval(fresh, config.model.retrieval).impressions(fresh, own=True)
    examples = encode(loaded.tokenizer, loaded.recipe.prompt, fresh, near)
    with torch.inference_mode():
        return float(loaded.model(**collate(examples, 0, 0)).loss)


def test_pre_training_learns_and_leaves_no_checkpoints(plain: tuple[Path, dict[str, str]]) -> None:
    root, _ = plain
    assert loss(root / "out", configuration()) < 4.5, "a guess among 400 tokens is 6"
    assert list((root / "checkpoints").iterdir()) == []


def test_the_same_configuration_gives_the_same_bytes_whatever_compute_shares(
    tmp_path: Path, plain: tuple[Path, dict[str, str]]
) -> None:
    shared = configuration(strategy=Strategy.fsdp, processes=4, gradient_checkpointing=True)
    assert make(shared, tmp_path / "b") == plain[1]


def test_a_killed_pre_training_goes_on_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: tuple[Path, dict[str, str]]
) -> None:
    real = module.fit

    def killed_after_the_first_epoch(*args: object, **kwargs: object) -> object:
        def stop(record: object) -> None:
            if getattr(record, "step", 0) > 25:
                raise KeyboardInterrupt

        return real(*args, **kwargs, on_log=stop)

    monkeypatch.setattr(module, "fit", killed_after_the_first_epoch)
    with pytest.raises(KeyboardInterrupt):
        make(configuration(), tmp_path / "again")
    assert not (tmp_path / "again").exists()
    resumed: list[int | None] = []
    monkeypatch.setattr(
        module, "fit", lambda *a, **k: [r := real(*a, **k), resumed.append(r.resumed_from)][0]
    )
    assert make(configuration(), tmp_path / "again") == plain[1]
    assert resumed == [19], "the end of the first of two epochs"


def test_with_retrieval_prompts_hold_the_impression_of_another_patient(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real = module.fit

    def spied(model: object, tokenizer: object, **kwargs: object) -> object:
        seen.extend(tokenizer.decode(e.input_ids[:-1]) for e in kwargs["validation"])
        return real(model, tokenizer, **kwargs)

    monkeypatch.setattr(module, "fit", spied)
    make(configuration("{findings} similar: {neighbours}", retrieval=1), tmp_path / "near")
    assert load_model(tmp_path / "near", "cpu").recipe.prompt.retrieval == 1
    reports = pairs("A", NANO.reports, NANO.seed)
    for report, text in zip(reports[:: module.HELD_OUT], seen, strict=True):
        findings, near = text.split(" similar: ")
        assert findings == report.findings
        assert near in {r.impression for r in reports if r.subject_id != report.subject_id}


def test_a_fresh_t5_starts_at_the_loss_of_a_guess() -> None:
    model = new_t5(Tiny(), 1024).eval()
    ids = torch.randint(3, 1024, (8, 20), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert 6 < float(model(input_ids=ids, labels=ids).loss) < 9


def test_fresh_weights_follow_from_the_seed_alone() -> None:
    torch.manual_seed(1)
    one = new_t5(NANO, 300).state_dict()
    torch.manual_seed(2)
    two = new_t5(NANO, 300).state_dict()
    other = new_t5(replace(NANO, seed=8), 300).state_dict()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not torch.equal(one["shared.weight"], other["shared.weight"])
