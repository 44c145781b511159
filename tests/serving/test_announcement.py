import json
import os

from radimpress.serving.announcement import announce


def test_a_server_is_found_by_its_process_id(tmp_path, monkeypatch):
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    path = announce("http://127.0.0.1:8080", "models:/radimpress@champion")
    assert path == tmp_path / "mlruns" / "servers" / f"{os.getpid()}.json"
    assert json.loads(path.read_text()) == {
        "url": "http://127.0.0.1:8080",
        "model": "models:/radimpress@champion",
        "pid": os.getpid(),
    }
