import pytest

from radimpress.runtime import progress
from radimpress.runtime.progress import Meter, track


def test_track_gives_every_item_in_order():
    assert list(track([3, 1, 2], "counting")) == [3, 1, 2]


def test_a_line_says_how_far_and_how_much_longer():
    with Meter("reading", total=10) as meter:
        meter.advance(4, note="loss 0.5")
    line = meter.line(meter._started + 8.0)
    assert line == "reading: 4/10 (40%), 8 s, ETA 12 s loss 0.5"


def test_before_the_first_item_there_is_no_eta():
    meter = Meter("reading", total=10)
    assert meter.line(meter._started + 8.0) == "reading: 0/10 (0%), 8 s"


def test_without_a_total_there_is_no_eta():
    meter = Meter("reading")
    meter.advance(2000)
    assert meter.line(meter._started + 1.0) == "reading: 2,000, 1 s"


def test_off_a_terminal_lines_are_rare(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: False)
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with Meter("reading", total=100) as meter:
        for _ in range(100):
            now[0] += 0.5
            meter.advance()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 5
    assert lines[0] == "reading: 20/100 (20%), 10 s, ETA 40 s"


@pytest.mark.parametrize("total", [None, 0])
def test_an_empty_run_has_a_line_too(total):
    meter = Meter("reading", total)
    assert meter.line(meter._started) == "reading: 0, 0 s"
