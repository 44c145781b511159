import json
from dataclasses import replace

import pytest

from radimpress.cloud.jumpstart.dataset import template, write_dataset
from radimpress.config.load import compose
from radimpress.corpus.report import Report, write_reports
from radimpress.modeling.prompt import Prompt
from radimpress.runtime.errors import RadimpressError

REPORT = Report("s1", "p1", "invented", "Cough.", "Clear lungs.", "Normal chest.")


@pytest.fixture
def config(root, monkeypatch, tmp_path):
    monkeypatch.chdir(root)
    write_reports(tmp_path / "train.parquet", [REPORT])
    return compose(["experiment=jumpstart"])


def test_the_template_gives_the_very_prompt_that_inference_uses(config, tmp_path):
    prompt = "History: {background} Findings: {findings}"
    config = replace(config, model=replace(config.model, prompt=prompt))
    files = write_dataset(config, tmp_path, tmp_path)
    row = json.loads(files["train.jsonl"].read_text())
    shape = json.loads(files["template.json"].read_text())
    assert shape["prompt"].format(**row) == Prompt.of(config.model).render(REPORT)
    assert shape["completion"].format(**row) == "Normal chest."


def test_without_a_template_it_is_the_reference_works_mismatch(config, tmp_path):
    job = replace(config.compute.job, jumpstart_template=False)
    config = replace(config, compute=replace(config.compute, job=job))
    files = write_dataset(config, tmp_path, tmp_path)
    assert list(files) == ["train.jsonl"]
    row = json.loads(files["train.jsonl"].read_text())
    assert row == {"prompt": "Clear lungs.", "completion": "Normal chest."}


def test_the_template_keeps_what_is_no_field():
    assert template("Say {{so}}: {findings}")["prompt"] == "Say {{so}}: {prompt}"


def test_neighbours_are_refused(config, tmp_path):
    config = replace(config, model=replace(config.model, retrieval=1))
    with pytest.raises(RadimpressError, match="cannot look up"):
        write_dataset(config, tmp_path, tmp_path)
