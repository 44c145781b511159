import subprocess
import sys
from pathlib import Path

import pytest

from radimpress.serving.package import pack, unpack

# As the Hugging Face inference toolkit does it: the file is loaded by its path.
PROGRAM = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("inference", sys.argv[1] + "/code/inference.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
model = module.model_fn(sys.argv[1])
request = module.input_fn(b'{"findings": "Clear lungs."}', "application/json")
print(module.output_fn(module.predict_fn(request, model), "application/json")[1])
import radimpress
print(radimpress.__file__)
"""


@pytest.mark.slow
def test_the_packed_code_serves_the_packed_model(model_folder: Path, tmp_path: Path) -> None:
    pack(model_folder, tmp_path / "model.tar.gz", {})
    folder = unpack(tmp_path / "model.tar.gz", tmp_path / "opt" / "ml" / "model")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    media, loaded_from = done.stdout.split()
    assert media == "application/json"
    assert Path(loaded_from).is_relative_to(folder / "code")
