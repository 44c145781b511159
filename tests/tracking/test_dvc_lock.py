import pytest

from radimpress.tracking.dvc_lock import before_register, lock_md5, read_before_register

BEFORE = """schema: '2.0'
stages:
  clean:
    cmd: python pipelines/clean.py
    outs:
    - path: data/clean
      md5: 178d.dir
  evaluate:
    cmd: python pipelines/evaluate.py
    params:
      params.yaml:
        seed: 17
"""
REGISTER = """  register:
    cmd: python pipelines/register.py
    outs:
    - path: models/registered.json

      md5: aaaa
"""
LATER = "  train:\n    cmd: python pipelines/train.py\n"


@pytest.mark.parametrize("lock", [BEFORE, BEFORE + REGISTER], ids=["first", "again"])
def test_the_stage_sees_the_same_lock_the_first_time_and_ever_after(lock):
    assert before_register(lock) == BEFORE
    assert lock_md5(lock) == lock_md5(BEFORE)


def test_only_the_register_entry_is_left_out_wherever_it_stands():
    assert before_register(BEFORE + REGISTER + LATER) == BEFORE + LATER


def test_another_hash_of_another_stage_is_another_lock():
    assert lock_md5(BEFORE.replace("178d", "178e") + REGISTER) != lock_md5(BEFORE)


def test_no_lock_has_no_hash(tmp_path):
    assert read_before_register(tmp_path / "dvc.lock") == ""
    assert lock_md5("") == ""
