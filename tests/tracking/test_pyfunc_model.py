import json
from types import SimpleNamespace

import pandas as pd
import pytest

from radimpress.config.serving import Engine
from radimpress.corpus.report import Prediction
from radimpress.runtime.errors import RadimpressError


@pytest.fixture
def model(monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setattr(mlflow.models, "set_model", lambda _: None)
    from radimpress.tracking.pyfunc_model import ImpressionModel

    class Echo:
        def summarize(self, findings, background):
            behind = background or [None] * len(findings)
            if "" in findings:
                raise RadimpressError("the findings of report '0' are empty; next: give some")
            return [Prediction("0", f"{f}|{b}") for f, b in zip(findings, behind, strict=True)]

    model = ImpressionModel()
    model.summarizer = Echo()
    return model


def test_impressions_come_in_the_order_of_the_rows(model):
    table = pd.DataFrame({"findings": ["a", "b"]})
    assert model.predict(None, table) == ["a|None", "b|None"]


def test_a_missing_background_is_empty(model):
    table = pd.DataFrame({"findings": ["a", "b"], "background": ["cough", None]})
    assert model.predict(None, table) == ["a|cough", "b|"]


@pytest.mark.parametrize("value", [None, float("nan"), 3, ["CANARY"]])
def test_findings_that_are_no_text_are_refused_and_not_read_as_words(model, value):
    table = pd.DataFrame({"findings": ["CANARY", value]})
    with pytest.raises(Exception, match="findings of row 1 is no text; next: send a string"):
        model.predict(None, table)


def test_a_background_that_is_no_text_is_refused(model):
    table = pd.DataFrame({"findings": ["a"], "background": [7]})
    with pytest.raises(Exception, match="background of row 0 is no text"):
        model.predict(None, table)


def test_a_refusal_stays_one_line_whatever_the_scoring_server_puts_before_it(model):
    from mlflow.exceptions import MlflowException

    with pytest.raises(MlflowException) as caught:
        model.predict(None, pd.DataFrame({"findings": [""]}))
    error = caught.value
    error.message = f"Failed to predict data 'CANARY'. \nError: {error.message}"
    answer = json.loads(error.serialize_as_json())
    assert answer["message"] == "the findings of report '0' are empty; next: give some"
    assert error.get_http_status_code() == 400
    assert "stack_trace" not in answer


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (None, ("artifact", Engine.transformers)),
        ({"engine": "ctranslate2"}, ("artifact", Engine.ctranslate2)),
    ],
)
def test_the_engine_is_transformers_unless_the_model_config_says_another(
    model, monkeypatch, config, expected
):
    asked = []
    monkeypatch.setattr(
        "radimpress.modeling.summarizer.Summarizer.from_folder",
        lambda folder, engine: asked.append((folder.name, engine)),
    )
    context = SimpleNamespace(artifacts={"model": "some/artifact"}, model_config=config)
    model.load_context(context)
    assert asked == [expected]
