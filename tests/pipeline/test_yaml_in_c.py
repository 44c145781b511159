"""DVC parses params.yaml once a stage: in Python that is a good part of an idle `dvc repro`."""

import platform

import pytest
from ruamel.yaml import YAML

TRICKY = "a: yes\nb: 1e-3\nc: 010\nd: 1_000\ne: null\nf: 2026-11-28\ng: 12:30\nh: off\n"


@pytest.mark.skipif(platform.python_implementation() != "CPython", reason="it is CPython's")
def test_dvc_s_parser_is_the_one_in_c():
    as_dvc_does, in_python = YAML(typ="safe"), YAML(typ="safe", pure=True)
    assert as_dvc_does.Parser is not in_python.Parser


@pytest.mark.parametrize("name", ["params.yaml", "dvc.yaml", None])
def test_both_parsers_read_alike(root, name):
    text = (root / name).read_text() if name else TRICKY
    assert YAML(typ="safe").load(text) == YAML(typ="safe", pure=True).load(text)
