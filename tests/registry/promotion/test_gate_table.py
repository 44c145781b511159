import io

from rich.console import Console

from radimpress.registry.gates.ruling import GateResult
from radimpress.registry.promotion.decision import Decision
from radimpress.registry.promotion.gate_table import table

GATES = (
    GateResult("lineage", True, "12 of 12 links hold", "every link", "", "", overridable=False),
    GateResult(
        "score",
        False,
        "rougeL 0.9213, champion 0.9520: -0.0307",
        "lower bound of rougeL minus the champion's > -0.02",
        "[-0.0512, -0.0101]",
        "may be worse by up to 0.0512, which is more than 0.02 [sic]",
    ),
    GateResult("latency", False, "9 ms", "at most 1.5 times", "", "slower than the budget"),
    GateResult("slices", False, "0", "", "", "not judged: no champion", judged=False),
)
DECISION = Decision("7", "3", "test", "md5", 1234, GATES, {"latency": "a new machine"})


def text(width):
    stream = io.StringIO()
    Console(file=stream, width=width).print(table(DECISION))
    return stream.getvalue()


def test_it_fits_80_columns():
    assert max(len(line.rstrip()) for line in text(80).splitlines()) <= 80


def test_every_gate_shows_its_verdict_what_was_measured_and_what_was_asked():
    shown = text(160)
    assert "version 7 against champion 3: 1,234 reports of test" in shown
    for line in (
        "lineage   pass         12 of 12 links hold",
        "score     FAIL         rougeL 0.9213, champion 0.9520: -0.0307",
        "latency   OVERRIDDEN   9 ms",
        "slices    not judged   0",
        "which is more than 0.02 [sic]",
        "overridden: a new machine",
    ):
        assert line in shown
