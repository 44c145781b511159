import json
import re

import pytest
import yaml

from radimpress.cloud.sweeps.hyperparameters import (
    PATTERN,
    apply,
    objective_line,
    read_hyperparameters,
    read_value,
)


def test_only_dotted_names_are_ours(tmp_path):
    path = tmp_path / "hyperparameters.json"
    given = {
        "sagemaker_program": "trial.py",
        "_tuning_objective_metric": "val:best_loss",
        "training.learning_rate": "0.0001",
    }
    path.write_text(json.dumps(given))
    assert read_hyperparameters(path) == {"training.learning_rate": "0.0001"}
    assert read_hyperparameters(tmp_path / "missing.json") == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-05", 1e-5), ("16", 16), ("true", True), ("null", None), ("linear", "linear")],
)
def test_values_are_read_as_hydra_wrote_them(text, value):
    assert read_value(text) == value


def test_values_replace_those_of_params_yaml_and_nothing_else(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("seed: 17\ntraining: {learning_rate: 0.1, batch_size: 8}\n")
    apply({"training.learning_rate": "1e-05"}, path)
    assert yaml.safe_load(path.read_text()) == {
        "seed": 17,
        "training": {"learning_rate": 1e-5, "batch_size": 8},
    }


def test_sagemaker_reads_the_best_loss_out_of_the_log(tmp_path):
    (tmp_path / "reports/training").mkdir(parents=True)
    summary = {"best_validation_loss": 1.23456789012}
    (tmp_path / "reports/training/summary.json").write_text(json.dumps(summary))
    found = re.search(PATTERN, objective_line(tmp_path))
    assert found
    assert float(found[1]) == 1.2345679
