"""Stands for AWS's Hugging Face inference image: `python huggingface_toolkit.py MODEL PORT`.

It calls the four functions of code/inference.py as the toolkit does, with the two habits that
matter to a deployment: /ping is 200 whatever becomes of the model, which is loaded by the first
request, and every error is a 400. It installs no requirements.txt.
"""

import importlib.util
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any


class Handler(BaseHTTPRequestHandler):
    """One worker: requests are written one after another."""

    protocol_version = "HTTP/1.1"
    model_folder = Path()
    functions: ModuleType | None = None
    model: Any = None
    lock = threading.Lock()

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/ping" else 404, b"", "application/json")

    def do_POST(self) -> None:
        received = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        sent = self.headers.get("Content-Type", "application/json")
        wanted = self.headers.get("Accept") or "application/json"
        wanted = "application/json" if wanted == "*/*" else wanted
        try:
            with self.lock:
                answer, media_type = self._handle(received, sent, wanted)
        except Exception as error:
            told = {"code": 400, "type": "InternalServerException", "message": str(error)}
            self._answer(400, json.dumps(told, indent=2).encode(), "application/json")
            return
        self._answer(200, answer, media_type)

    def _handle(self, received: bytes, sent: str, wanted: str) -> tuple[bytes, str]:
        made = type(self)
        if made.functions is None:
            made.functions = _load(self.model_folder / "code")
            made.model = made.functions.model_fn(str(self.model_folder))
        its = made.functions
        data: bytes | str = received.decode() if "json" in sent or "text" in sent else received
        asked = its.input_fn(data, sent)
        answer = its.output_fn(its.predict_fn(asked, made.model), wanted)
        answer, media_type = answer if isinstance(answer, tuple) else (answer, wanted)
        return answer.encode() if isinstance(answer, str) else answer, media_type

    def _answer(self, status: int, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _load(code: Path) -> ModuleType:
    sys.path.insert(0, str(code))
    spec = importlib.util.spec_from_file_location("inference", code / "inference.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("code/inference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    Handler.model_folder = Path(sys.argv[1])
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
