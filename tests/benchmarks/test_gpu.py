"""The GPU benchmark at toy size on the CPU: everything runs and is counted."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import gpu

    return gpu


def test_lengths_are_those_of_this_tasks_reports(gpu):
    pairs = gpu._pairs(4000, 32128, seed=3)
    for side, (mean, deviation), most in zip(
        (0, 1), (gpu.FINDINGS, gpu.IMPRESSIONS), gpu.MOST, strict=True
    ):
        lengths = [gpu.size(pair)[side] for pair in pairs]
        assert statistics.mean(lengths) == pytest.approx(mean, rel=0.05)
        assert statistics.stdev(lengths) == pytest.approx(deviation, rel=0.1)
        assert max(lengths) <= most
    assert all(pair.labels[-1] == 1 for pair in pairs)


def test_the_example_pads_sources_and_ignores_padded_labels(gpu):
    made = gpu.features(gpu.Example([5, 1], [7, 1]), to=(4, 3))
    assert made == {
        "input_ids": [5, 1, 0, 0],
        "attention_mask": [1, 1, 0, 0],
        "labels": [7, 1, -100],
    }


@pytest.mark.parametrize(("gib", "micro", "checkpointing"), [(80, 8, False), (141, 28, False)])
def test_xl_is_trained_with_as_many_pairs_at_once_as_fit(
    gpu, monkeypatch, gib, micro, checkpointing
):
    properties = type("Properties", (), {"total_memory": gib * 2**30})
    monkeypatch.setattr(gpu.torch.cuda, "get_device_properties", lambda _: properties)
    pairs = gpu._pairs(gpu.XL.pairs, gpu.XL.shape.vocab_size, seed=1)
    compute = gpu._compute(gpu.XL, pairs, gpu.torch.device("cuda"))
    assert (compute.micro_batch_size, compute.gradient_checkpointing) == (micro, checkpointing)


@pytest.mark.rehearsal
@pytest.mark.slow
def test_the_whole_program_runs_without_a_gpu():
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "gpu.py", "--quick", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    training, device, *generation = json.loads(done.stdout)["tables"]
    assert [row["role"] for row in training["contestants"]] == ["ours", "peer", "peer"]
    assert [row[0] for row in device["rows"]] == [r["name"] for r in training["contestants"]]
    assert [table["title"] for table in generation] == [
        "generation, 1 beam",
        "generation, 4 beams",
        "generation, 10 beams",
    ]
