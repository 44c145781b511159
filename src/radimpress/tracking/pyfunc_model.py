"""The MLflow model: loaded by `mlflow.pyfunc.load_model("models:/radimpress@challenger")`.

MLflow runs this file when it loads the model ("models from code"), so nothing is pickled. Input: a
table with the column `findings` (and, if the prompt uses it, `background`), or a list of findings.
Output: the impressions, in order.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mlflow
from mlflow.pyfunc.model import PythonModel, PythonModelContext


class ImpressionModel(PythonModel):
    """Loads the model folder once and summarizes findings."""

    def load_context(self, context: PythonModelContext) -> None:
        """Find the folder: among the artifacts, or at the path that was recorded."""
        from radimpress.modeling.summarizer import Summarizer

        folder = context.artifacts.get("model") or (context.model_config or {})["model_path"]
        self.summarizer = Summarizer.from_folder(Path(folder))

    def predict(
        self, context: PythonModelContext, model_input: Any, params: dict[str, Any] | None = None
    ) -> list[str]:
        """Impressions for `model_input`, one a row."""
        findings, background = _columns(model_input)
        predictions = self.summarizer.summarize(findings, background)
        return [prediction.prediction for prediction in predictions]


def _columns(table: Any) -> tuple[Sequence[str], Sequence[str] | None]:
    if not hasattr(table, "columns"):
        return [
            str(item["findings"]) if isinstance(item, dict) else str(item) for item in table
        ], None
    if "findings" not in table.columns:
        names = ", ".join(map(str, table.columns))
        raise ValueError(f"the input has no column `findings`; it has: {names}")
    background = [str(v) for v in table["background"]] if "background" in table.columns else None
    return [str(value) for value in table["findings"]], background


mlflow.models.set_model(ImpressionModel())
