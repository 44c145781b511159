"""A server whose model does what a control file says: tests run it as a process of its own.

python stand_in_server.py CONTROL SETTINGS

CONTROL is a JSON file that is read again at every look: {"version": "1", "mode": "well"}. Modes:
`well` repeats the last sentence of the findings, `raise` raises, `wordless` says nothing,
`slow` takes `seconds` a batch, `gone` stands for a registry that does not answer. A version that
starts with "bad" does not load. SETTINGS is JSON for config.serving.Serving.
"""

import json
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace

from radimpress.config.serving import Serving
from radimpress.corpus.report import Prediction
from radimpress.modeling.recipe import Decoding
from radimpress.runtime.errors import RadimpressError
from radimpress.serving.golden import check_golden
from radimpress.serving.served_model import Example, Facts, Identity, Score, ServedModel
from radimpress.serving.server import run_server

FACTS = Facts(
    scores={"rougeL": Score(0.8, 0.7, 0.9, 300)},
    trained_on="synthetic",
    access="public",
    card="# A card",
    examples=(Example("Pleural Effusion", "Small left pleural effusion."),),
)


class Summarizer:
    def __init__(self, control):
        self.recipe = SimpleNamespace(decoding=Decoding(32), fingerprint="f" * 64)
        self._control = control

    def summarize(self, findings, background, decoding):
        control = self._control()
        if control["mode"] == "raise":
            raise ValueError(f"cannot write for {findings[0]}")
        if control["mode"] == "slow":
            time.sleep(control["seconds"])
        texts = [text.rstrip(".").rsplit(". ", 1)[-1] + "." for text in findings]
        if control["mode"] == "wordless":
            texts = [""] * len(texts)
        return [Prediction(str(i), text, False, False) for i, text in enumerate(texts)]


class Source:
    follows = True

    def __init__(self, path):
        self._path = path

    def control(self):
        while True:
            try:
                return json.loads(self._path.read_text())
            except ValueError:  # being written
                time.sleep(0.001)

    def find(self):
        if self.control()["mode"] == "gone":
            raise OSError("no route to host")
        return self.control()["version"]

    def load(self, version):
        if version.startswith("bad"):
            raise RadimpressError(f"version {version} is damaged; next: promote another")
        time.sleep(self.control().get("load_seconds", 0))
        model = ServedModel(
            identity=Identity("radimpress", version, "f" * 64, "a" * 64),
            facts=FACTS,
            engine="transformers",
            loaded_at="2026-11-23T12:00:00+00:00",
            summarizer=Summarizer(self.control),
        )
        check_golden(model.write)
        return model


if __name__ == "__main__":
    try:
        settings = Serving(**json.loads(sys.argv[2]))
        token = os.environ.get("RADIMPRESS_TOKEN", "")
        sys.exit(run_server(settings, Source(Path(sys.argv[1])), token))
    except RadimpressError as error:
        sys.exit(f"error: {error}")
