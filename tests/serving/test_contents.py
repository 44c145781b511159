from importlib.metadata import version
from pathlib import Path

import pytest

from radimpress.runtime.errors import RadimpressError
from radimpress.serving.contents import check_name, check_names, code_files, model_files


def test_the_model_is_what_a_package_does_not_add(tmp_path: Path) -> None:
    for name in ("config.json", "lineage.json", "MANIFEST.json", "code/inference.py", "a/b.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    assert sorted(model_files(tmp_path)) == ["a/b.json", "config.json"]


def test_the_code_is_the_entry_point_and_this_radimpress_with_its_exact_requirements() -> None:
    files = code_files()
    assert b"import input_fn, model_fn, output_fn, predict_fn" in files["code/inference.py"]
    pins = files["code/requirements.txt"].decode().splitlines()
    assert f"transformers=={version('transformers')}" in pins
    assert not [pin for pin in pins if pin.startswith(("torch==", "radimpress"))]
    assert "code/radimpress/modeling/summarizer.py" in files
    check_names(files, "the code")


@pytest.mark.parametrize("name", ["config.json", "a/b.parquet", "code/x.py", "code/r/page/a.css"])
def test_data_may_be_anywhere_and_source_below_code(name: str) -> None:
    check_name(name, "it")


@pytest.mark.parametrize("name", ["x.py", "page.html", "m.bin", "noend", "code/m.pickle", ".json"])
def test_what_may_run_is_refused_by_name(name: str) -> None:
    with pytest.raises(RadimpressError, match=f"it holds {name}, which may run code"):
        check_name(name, "it")


def test_names_that_differ_in_case_only_are_one_file_on_some_systems() -> None:
    with pytest.raises(RadimpressError, match="it holds Config.json twice"):
        check_names(["config.json", "Config.json"], "it")


def test_a_name_is_quoted_short_and_printable() -> None:
    with pytest.raises(RadimpressError) as caught:
        check_name("a\n" + "b" * 500 + ".json", "it")
    assert len(str(caught.value)) < 250
    assert "\n" not in str(caught.value)
