import os
import sys

from radimpress.cloud.jobs.program import started

SAYS = """
import os, sys
print("out", os.getcwd(), os.environ["NAMED"], flush=True)
print("complaint", file=sys.stderr, flush=True)
sys.stdout.buffer.write(b"\\xff\\n")
sys.exit(3)
"""


def test_everything_it_says_comes_line_by_line_and_its_status_stays(tmp_path):
    with started([sys.executable, "-c", SAYS], tmp_path, os.environ | {"NAMED": "here"}) as child:
        lines = list(child.stdout)
    assert lines == [f"out {tmp_path} here\n", "complaint\n", "\ufffd\n"]
    assert child.returncode == 3
