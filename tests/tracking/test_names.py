from dataclasses import replace

from radimpress.tracking.names import flat_metrics, parameters, run_name, training_key


def test_a_baseline_has_no_model_in_its_name_or_parameters(config):
    assert run_name("constant", config, "0123456789") == "constant 0123456"
    assert run_name("finetuned", config, "0123456789") == "finetuned t5_tiny 0123456"
    assert "learning_rate" not in parameters(config, "constant")
    assert "learning_rate" not in parameters(config, "foundation")
    assert 10 <= len(parameters(config, "finetuned")) <= 20


def test_the_training_key_sees_what_decides_the_weights_and_nothing_else(config):
    splits = {"train": "a", "validation": "b", "test": "c"}
    key = training_key(config, splits, "f")
    assert training_key(config, {**splits, "test": "d"}, "f") == key
    assert (
        training_key(replace(config, compute=replace(config.compute, threads=7)), splits, "f")
        == key
    )
    assert training_key(config, {**splits, "train": "z"}, "f") != key
    assert training_key(config, splits, "g") != key
    assert training_key(replace(config, seed=1), splits, "f") != key


def test_metrics_become_sections_of_the_charts():
    result = {"value": 0.9, "low": 0.8, "high": 1.0, "n": 5}
    splits = {
        "test": {
            "all": {"rougeL": result, "rouge1_stem": result},
            "abnormal": {"rougeL": result, "rouge1_recall": result},
            "source_x": {"rougeL": result},
        }
    }
    assert flat_metrics(splits) == {
        "test/rougeL": 0.9,
        "test_interval/rougeL_low": 0.8,
        "test_interval/rougeL_high": 1.0,
        "test_detail/rouge1_stem": 0.9,
        "test_abnormal/rougeL": 0.9,
    }
