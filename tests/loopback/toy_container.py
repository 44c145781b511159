"""The image `toy`: a container in a few lines that does what its model says.

`python toy_container.py MODEL PORT`, where MODEL/behaviour.json is an object of `says` (stands
before what was asked in each answer), `ping` and `status` (of HTTP), `sleep_s` (before an answer).
The request "die" ends the process.
"""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODEL = Path(sys.argv[1])
BEHAVIOUR = json.loads((MODEL / "behaviour.json").read_text())


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(BEHAVIOUR.get("ping", 200), b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(BEHAVIOUR.get("sleep_s", 0))
        if body == b"die":
            os._exit(1)
        said = BEHAVIOUR.get("says", "") + ":" + body.decode()
        self._answer(BEHAVIOUR.get("status", 200), said.encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        attributes = self.headers.get("X-Amzn-SageMaker-Custom-Attributes")
        if attributes:
            self.send_header("X-Amzn-SageMaker-Custom-Attributes", attributes)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print(f"toy {BEHAVIOUR} listens", flush=True)
    try:
        (MODEL / "written").touch()
        print("the model can be written", flush=True)
    except OSError:
        print("the model is read-only", flush=True)
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
