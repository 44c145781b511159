"""A race is fair, refuses unequal answers, and writes what the page is made from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def suite(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import suite

    return suite


def contest(suite, check=lambda outputs: [], **more):
    def spent(cpu):
        return lambda _: suite.Spent(wall=2 * cpu, cpu=cpu)

    return suite.Race(
        title="Toy",
        input="one number",
        contestants=(
            suite.Contestant("ours", lambda: 1, suite.Role.ours, seconds=spent(2.0)),
            suite.Contestant("peer", lambda: 1, share=0.5, seconds=spent(10.0)),
            suite.Contestant("floor", lambda: None, suite.Role.floor, seconds=spent(1.0)),
        ),
        check=check,
        limit="the floor",
        **more,
    )


def test_peers_are_so_many_times_slower_and_ours_so_many_times_the_floor(suite):
    table = suite.race(contest(suite), rounds=3)
    rows = {row["name"]: row for row in table["contestants"]}
    assert rows["peer"]["cpu"]["median"] == 20.0  # half of the input took 10
    assert rows["peer"]["ratio"]["cpu"] == {"median": 10.0, "min": 10.0, "max": 10.0}
    assert rows["floor"]["ratio"]["wall"]["median"] == 2.0
    assert len(rows["ours"]["cpu"]["rounds"]) == 3


def test_unequal_outputs_end_the_race_before_the_clock_runs(suite):
    def differ(outputs):
        assert outputs == {"ours": 1, "peer": 1, "floor": None}
        raise suite.UnequalError("peer says something else")

    with pytest.raises(suite.UnequalError, match="something else"):
        suite.race(contest(suite, differ), rounds=1)


def test_each_round_starts_with_another_contestant(suite):
    turns = []
    ways = [
        suite.Contestant(name, lambda name=name: turns.append(name), role)
        for name, role in (("a", suite.Role.ours), ("b", suite.Role.peer), ("c", suite.Role.peer))
    ]
    suite.race(suite.Race("Turns", "", ways, lambda _: [], "none"), rounds=3)
    assert "".join(turns) == "abc" + "abc" + "bca" + "cab"


def test_a_target_is_judged_by_the_median_of_the_clock_of_the_race(suite):
    reaches = (suite.Reach("peer", at_least=11), suite.Reach("floor", at_most=2))
    table = suite.race(contest(suite, reaches=reaches), rounds=1)
    assert [each["reached"] for each in table["reaches"]] == [False, True]
    assert suite.reached(table)[1] == "at least 11.0x as fast as peer: 10.0, NOT reached"


def test_processor_time_counts_finished_children(suite):
    burn = "sum(range(3_000_000))"
    child = suite.Contestant(
        "child", lambda: subprocess.run([sys.executable, "-c", burn], check=True)
    )
    assert suite.clocked(child).cpu > 0.02


def test_a_program_answers_with_the_json_of_its_last_line(suite):
    assert suite.asked(["-c", "print('noise'); print('[1, 2]')"]) == [1, 2]


def test_a_quick_run_prints_json_and_writes_no_file(tmp_path):
    toy = BENCHMARKS / "suite.py"
    program = tmp_path / "toy.py"
    program.write_text(
        f"import sys; sys.path.insert(0, {str(toy.parent)!r})\n"
        "import suite\n"
        "def bench(options):\n"
        "    yield suite.Facts('Seen', ['quick'], [[str(options.quick)]])\n"
        "suite.main('A toy.', bench, ['rich'])\n"
    )
    done = subprocess.run(
        [sys.executable, str(program), "--quick", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout)
    assert result["tables"][0]["rows"] == [["True"]]
    assert result["quick"] is True
    assert set(result["versions"]) == {"python", "radimpress", "rich"}
    assert not (BENCHMARKS / "results" / "toy.json").exists()


def test_each_kind_of_processor_keeps_its_own_results(suite, tmp_path, monkeypatch):
    monkeypatch.setattr(suite, "RESULTS", tmp_path)
    monkeypatch.setattr("sys.argv", ["toy.py"])
    suite.main("A toy.\n\nMore.", lambda _: [], variant="without bf16")
    suite.main("A toy.\n\nMore.", lambda _: [])
    about = {file.name: json.loads(file.read_text())["about"] for file in tmp_path.iterdir()}
    assert about == {"toy.json": "A toy", "toy-without-bf16.json": "A toy, without bf16"}


def test_work_apart_stays_in_one_other_process(suite):
    pid = suite.apart(os.getpid)
    assert pid() == pid() != os.getpid()
