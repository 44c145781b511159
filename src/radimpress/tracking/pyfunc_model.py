"""The MLflow model: loaded by `mlflow.pyfunc.load_model("models:/radimpress@challenger")`.

MLflow runs this file when it loads the model ("models from code"), so nothing is pickled. Input: a
table with the column `findings` and, if the prompt uses it, `background` (a data frame, or a list
of objects). Output: the impressions, in order.

The engine is transformers, which every machine that loads the model has; the model config
`{"engine": "ctranslate2"}` takes the other one.
"""

from pathlib import Path
from typing import Any

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE
from mlflow.pyfunc.model import PythonModel, PythonModelContext


class ImpressionModel(PythonModel):
    """Loads the model folder once and summarizes findings."""

    def load_context(self, context: PythonModelContext) -> None:
        """Find the folder: among the artifacts, or at the path that was recorded."""
        from radimpress.config.serving import Engine
        from radimpress.modeling.summarizer import Summarizer

        config = context.model_config or {}
        folder = context.artifacts.get("model") or config["model_path"]
        engine = Engine(config.get("engine", Engine.transformers.value))
        self.summarizer = Summarizer.from_folder(Path(folder), engine=engine)

    def predict(
        self,
        context: PythonModelContext,
        model_input: pd.DataFrame,
        params: dict[str, Any] | None = None,
    ) -> list[str]:
        """Impressions for the rows of `model_input`; the signature has checked its columns.

        Raises BadInput for a row without findings: a model asked about nothing invents a patient.
        """
        from radimpress.runtime.errors import RadimpressError

        findings = [_text(value, "findings", row) for row, value in enumerate(model_input.findings)]
        background = None
        if "background" in model_input.columns:
            background = [
                "" if pd.isna(value) else _text(value, "background", row)
                for row, value in enumerate(model_input.background)
            ]
        try:
            predictions = self.summarizer.summarize(findings, background)
        except RadimpressError as error:
            raise BadInput(str(error)) from None
        return [prediction.prediction for prediction in predictions]


class BadInput(MlflowException):
    """An error that `mlflow models serve` answers with status 400, in one line.

    The scoring server puts the whole input before the message of an MlflowException, and answers
    any other exception with a stack trace. This message stays as it is: it quotes no report.
    """

    def __init__(self, problem: str) -> None:
        self._problem = problem
        super().__init__(problem, error_code=INVALID_PARAMETER_VALUE)

    @property
    def message(self) -> str:
        """The problem, whatever is assigned."""
        return self._problem

    @message.setter
    def message(self, _: str) -> None:
        pass


def _text(value: object, column: str, row: int) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{column} of row {row} is no text; next: send a string")
    return value


mlflow.models.set_model(ImpressionModel())
