"""The entry point of the Hugging Face inference toolkit in SageMaker (code/inference.py).

The toolkit calls model_fn once, then input_fn, predict_fn and output_fn for every request. They are
those of the local server: the same checks, the same answers.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # the radimpress that was packed with the model

from radimpress.serving.inference import input_fn, model_fn, output_fn, predict_fn

__all__ = ["input_fn", "model_fn", "output_fn", "predict_fn"]
