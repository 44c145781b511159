"""The MLflow model: loaded by `mlflow.pyfunc.load_model("models:/radimpress@challenger")`.

MLflow runs this file when it loads the model ("models from code"), so nothing is pickled. Input: a
table with the column `findings` and, if the prompt uses it, `background` (a data frame, or a list
of objects). Output: the impressions, in order.
"""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.pyfunc.model import PythonModel, PythonModelContext


class ImpressionModel(PythonModel):
    """Loads the model folder once and summarizes findings."""

    def load_context(self, context: PythonModelContext) -> None:
        """Find the folder: among the artifacts, or at the path that was recorded."""
        from radimpress.modeling.summarizer import Summarizer

        folder = context.artifacts.get("model") or (context.model_config or {})["model_path"]
        self.summarizer = Summarizer.from_folder(Path(folder))

    def predict(
        self,
        context: PythonModelContext,
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> list[str]:
        """Impressions for the rows of `model_input`; the signature has checked its columns."""
        findings = [str(text) for text in model_input["findings"]]
        background = None
        if "background" in model_input.columns:
            background = [str(text) for text in model_input["background"].fillna("")]
        predictions = self.summarizer.summarize(findings, background)
        return [prediction.prediction for prediction in predictions]


mlflow.models.set_model(ImpressionModel())
