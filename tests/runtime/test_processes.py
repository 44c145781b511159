import os
import subprocess
import sys

from radimpress.runtime.processes import lives


def test_a_running_process_lives_and_an_ended_one_does_not():
    assert lives(os.getpid())
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert not lives(ended.pid)
