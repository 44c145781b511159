import shutil
import subprocess
import sys

import pytest

from radimpress.config.load import compose, from_params, typed
from radimpress.config.schema import Access, Profile
from radimpress.runtime.errors import RadimpressError


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch, root):
    monkeypatch.chdir(root)


def test_the_committed_parameters_are_the_default_composition():
    assert from_params() == compose()


def test_overrides_are_typed():
    config = compose(["data=mimic_cxr", "training.learning_rate=1e-5", "data.profile=mediqa"])
    assert config.data.access is Access.credentialed
    assert config.data.profile is Profile.mediqa
    assert config.training.learning_rate == 1e-5


def test_interpolations_are_resolved():
    config = compose(["data=indiana", "data.path=x.json"])
    assert config.data.split.file == "x.json"
    assert config.tracking.experiment == "radimpress-indiana"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("training.learning_rate=abc", "training.learning_rate: Value 'abc' .* Float"),
        ("training.lr=1", "training.lr: Key 'lr' not in 'Training'"),
        ("data=nope", "Could not find 'data/nope'"),
        ("data.access=secret", "data.access: .*public, private, credentialed"),
        ("=", "No match in the defaults list"),
    ],
)
def test_a_typo_or_a_wrong_type_is_one_line(override, message):
    with pytest.raises(RadimpressError, match=message) as caught:
        compose([override])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "is missing; next: run `make params`"),
        ("a: [", "is no YAML"),
        ("- a", "holds no mapping"),
        ("seeed: 1", "does not fit the schema: Key 'seeed' not in 'Config'"),
    ],
)
def test_a_bad_params_file_says_what_to_do(tmp_path, text, message):
    path = tmp_path / "params.yaml"
    if text is not None:
        path.write_text(text)
    with pytest.raises(RadimpressError, match=message):
        from_params(path)


def test_a_folder_without_conf_says_where_to_run(tmp_path):
    with pytest.raises(RadimpressError, match="run from the repository root"):
        compose([], tmp_path / "conf")


def test_plain_mappings_are_typed_too():
    with pytest.raises(RadimpressError, match="data.name: .*missing mandatory value"):
        typed({"data": {"path": "x"}, "model": {"name": "m", "path": "p"}}, "a test")


def test_parameters_without_a_digest_need_nothing_else_to_have_run(root, tmp_path):
    whole = (root / "params.yaml").read_text()
    (tmp_path / "params.yaml").write_text(whole.partition("\n")[2])
    program = "import sys, pathlib; from radimpress.config.load import from_params as read; "
    program += "print(read(pathlib.Path(sys.argv[1])).data.name)"
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "params.yaml")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "synthetic\n", done.stderr


def test_those_who_read_params_yaml_do_not_wait_for_hydra():
    program = "import sys; from radimpress.config.load import from_params as read; read(); "
    program += "print('hydra' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_two_folders_one_after_the_other_keep_their_own_digests(root, tmp_path):
    shutil.copytree(root / "conf", tmp_path / "conf")
    path = tmp_path / "conf" / "training" / "tiny.yaml"
    path.write_text(path.read_text() + "\n# another\n")
    here, there, again = compose(), compose([], tmp_path / "conf"), compose()
    assert here == again
    assert here.conf_digest != there.conf_digest
