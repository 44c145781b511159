import pandas as pd
import pytest

from radimpress.corpus.report import Prediction


@pytest.fixture
def model(monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setattr(mlflow.models, "set_model", lambda _: None)
    from radimpress.tracking.pyfunc_model import ImpressionModel

    class Echo:
        def summarize(self, findings, background):
            behind = background or [None] * len(findings)
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
