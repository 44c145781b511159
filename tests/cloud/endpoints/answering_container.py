"""A container that answers by the contract of docs/serving.md as its package says, without a model.

`python answering_container.py MODEL PORT`, where MODEL/behaviour.json is an object of `version`,
`impression`, `ping` and `status` (of HTTP).
"""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BEHAVIOUR = json.loads((Path(sys.argv[1]) / "behaviour.json").read_text())


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(BEHAVIOUR.get("ping", 200), {})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not asked["findings"].strip():
            self.answer(400, {"error": {}})
            return
        model = {"name": "radimpress", "version": BEHAVIOUR["version"]}
        self.answer(
            BEHAVIOUR.get("status", 200), {"impression": BEHAVIOUR["impression"], "model": model}
        )

    def answer(self, status: int, plain: dict[str, object]) -> None:
        body = json.dumps(plain).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print(f"error: behaviour {BEHAVIOUR.get('version')}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
