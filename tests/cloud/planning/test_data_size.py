import json
from dataclasses import replace
from pathlib import Path

import pytest

from radimpress.cloud.planning.data_size import data_size
from radimpress.config.load import compose
from radimpress.config.schema import Config
from radimpress.corpus.report import Report, write_reports
from radimpress.modeling.recipe import write_recipe


def report(number: int, findings: str, impression: str) -> Report:
    return Report(f"s{number}", f"p{number}", "synthetic", "", findings, impression)


TRAIN = [
    report(0, "the lungs are clear", "no effusion"),
    report(1, "clear lungs and no pleural effusion at all here", "normal chest"),
]


@pytest.fixture
def config(root: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.chdir(root)
    return compose()


def make_splits(root: Path, corpus: str = "synthetic") -> None:
    splits = root / "data/splits"
    splits.mkdir(parents=True)
    write_reports(splits / "train.parquet", TRAIN)
    write_reports(splits / "validation.parquet", TRAIN[:1])
    (splits / "summary.json").write_text(json.dumps({"corpus": corpus}))


def make_foundation(root: Path, model_folder: Path, name: str) -> None:
    from radimpress.modeling.recipe import read_recipe

    folder = root / "models/foundation"
    folder.mkdir(parents=True)
    (folder / "tokenizer.json").write_bytes((model_folder / "tokenizer.json").read_bytes())
    write_recipe(folder, replace(read_recipe(model_folder), model=name))


def test_tokens_are_counted_where_splits_and_tokenizer_are(
    tmp_path: Path, config: Config, model_folder: Path
) -> None:
    from tokenizers import Tokenizer

    make_splits(tmp_path)
    make_foundation(tmp_path, model_folder, "t5_tiny")
    size = data_size(config, tmp_path)
    own = Tokenizer.from_file(str(model_folder / "tokenizer.json"))
    sources = [len(own.encode(r.findings).ids) for r in TRAIN]
    targets = [len(own.encode(r.impression).ids) for r in TRAIN]
    assert (size.train, size.validation, size.test) == (2, 1, 0)
    assert size.lengths.source == sum(sources) / 2
    assert size.lengths.product == sum(s * t for s, t in zip(sources, targets, strict=True)) / 2
    assert (size.longest_source, size.longest_target) == (max(sources), max(targets))
    assert size.tokens_a_pair == (sum(sources) + sum(targets)) / 2
    assert size.basis == "2 training pairs in data/splits (tokens)"


def test_the_tokenizer_of_another_model_is_not_used(
    tmp_path: Path, config: Config, model_folder: Path
) -> None:
    make_splits(tmp_path)
    make_foundation(tmp_path, model_folder, "flan_t5_xl")
    size = data_size(config, tmp_path)
    assert "no tokenizer of t5_tiny" in size.basis
    assert size.lengths.source == ((6 + 1) + (13 + 1)) / 2  # ceil(4 x 1.4), ceil(9 x 1.4), ends


def test_splits_of_another_corpus_are_not_used(tmp_path: Path, config: Config) -> None:
    make_splits(tmp_path, corpus="indiana")
    assert data_size(config, tmp_path).basis.startswith("assumed: the bundled corpus")


def test_without_data_mimic_has_its_published_size_and_the_prompt_counts(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    size = data_size(compose(["data=mediqa", "model=flan_t5_xl"]), tmp_path)
    assert size.train == 91_544
    words = len(["summarize", "the", "radiology", "findings", "into", "an", "impression:"])
    assert size.lengths.source == pytest.approx(75 + 1.4 * words + 1)
    assert size.lengths.source_square == pytest.approx(size.lengths.source**2 + 31**2)
    assert (size.longest_source, size.longest_target) == (512, 128)  # what the prompt allows


def test_an_unknown_corpus_says_whose_size_it_borrows(tmp_path: Path, config: Config) -> None:
    other = replace(config, data=replace(config.data, name="ours", limit=500))
    size = data_size(other, tmp_path)
    assert "ours is not at hand and of unknown size; as MEDIQA" in size.basis
    assert size.train == 500


def test_no_text_leaves(tmp_path: Path, config: Config) -> None:
    make_splits(tmp_path)
    assert "lungs" not in repr(data_size(config, tmp_path))
