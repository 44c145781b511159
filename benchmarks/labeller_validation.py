"""How often the rule-based CheXpert-style labeller is right, and how fast it is.

python benchmarks/labeller_validation.py                # on what the repository holds
python benchmarks/labeller_validation.py REPORTS.json   # and on real ones, as indiana_dev.json

Prints numbers only, never report text.
"""

import gzip
import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from radimpress.corpus.synthetic import generate_studies
from radimpress.metrics.agreement import agreement, side_agreement
from radimpress.metrics.clinical import f1_macro, f1_micro, table
from radimpress.metrics.labels.labeller import is_normal, label
from radimpress.metrics.labels.observations import Label, Labels, Observation, Presence, Side

ROOT = Path(__file__).resolve().parents[1]
CONSTANT = "No acute cardiopulmonary abnormality."


def main(real: Path | None) -> None:
    hand = [
        json.loads(line) for line in _lines(ROOT / "tests/metrics/labels/labelled_sentences.jsonl")
    ]
    _compare(
        f"hand-labelled sentences ({len(hand)})",
        [_without_no_finding(label(row["text"])) for row in hand],
        [_by_hand(row["labels"]) for row in hand],
    )
    for name, studies in (
        ("bundled synthetic corpus, institution B", _bundled()),
        ("generated, institution A", _generated()),
    ):
        for section, pairs in studies.items():
            texts, truth = zip(*pairs, strict=True)
            _compare(f"{name}: {section} ({len(texts):,})", [label(t) for t in texts], truth)
    if real is not None:
        _real(json.loads(real.read_text(encoding="utf-8")))


def _compare(name: str, found: Sequence[Labels], truth: Sequence[Labels]) -> None:
    print(f"\n{name}\n  presence    precision  recall    F1      n")
    for presence in Presence:
        one = agreement(found, truth, [presence])
        numbers = f"{one.precision:9.4f} {one.recall:7.4f} {one.f1:7.4f}"
        print(f"  {presence.value:10}  {numbers} {one.hits + one.missed:6}")
    print(f"  sides equal {side_agreement(found, truth):.4f}")


def _real(reports: list[dict[str, str]]) -> None:
    findings = [report["findings"] for report in reports]
    backgrounds = [report["background"] for report in reports]
    impressions = [report["impression"] for report in reports]
    label.cache_clear()
    started = time.process_time()
    labels = [label(text) for text in findings]
    seconds = time.process_time() - started
    print(f"\nreal reports: {len(reports)}, {len(reports) / seconds:,.0f} findings a second a core")
    print(f"  impressions without pathology: {sum(map(is_normal, impressions)) / len(reports):.3f}")
    print("  positive, uncertain, negative in the findings; in the impressions")
    told = [label(text) for text in impressions]
    for each in Observation:
        rows = [_count(texts, each) for texts in (labels, told)]
        print(f"  {each.value:27}" + "".join(f"{n:6}" for row in rows for n in row))
    for name, predictions in (
        ("the reference impression", impressions),
        ("the findings", findings),
        ("a constant", [CONSTANT] * len(reports)),
    ):
        found = table(findings, backgrounds, impressions, predictions)
        sums = found.counts.sum(axis=0)
        print(f"  prediction = {name}: F1 {f1_micro(sums):.3f} micro, {f1_macro(sums):.3f} macro")
        print("   ", ", ".join(f"{rate} {each.mean():.3f}" for rate, each in found.rates.items()))


def _count(labels: Iterable[Labels], observation: Observation) -> list[int]:
    found = [each[observation].presence for each in labels if observation in each]
    order = (Presence.POSITIVE, Presence.UNCERTAIN, Presence.NEGATIVE)
    return [found.count(presence) for presence in order]


def _by_hand(labels: Mapping[str, str]) -> dict[Observation, Label]:
    sides = {
        "": frozenset[Side](),
        "left": frozenset({Side.LEFT}),
        "right": frozenset({Side.RIGHT}),
        "bilateral": frozenset(Side),
    }
    split = {name: told.partition(" ") for name, told in labels.items()}
    return {
        Observation(name): Label(Presence(presence), sides[side])
        for name, (presence, _, side) in split.items()
    }


def _without_no_finding(labels: Labels) -> dict[Observation, Label]:
    return {each: told for each, told in labels.items() if each is not Observation.NO_FINDING}


Pairs = dict[str, list[tuple[str, dict[Observation, Label]]]]


def _bundled() -> Pairs:
    path = ROOT / "data/raw/synthetic/truth.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    return _pairs(
        (row["findings"], row["observations"], row["impression"], row["impression_observations"])
        for row in rows
    )


def _generated() -> Pairs:
    return _pairs(
        (
            study.findings,
            _plain(study.observations),
            study.impression,
            _plain(study.impression_observations),
        )
        for study in generate_studies("A", 2000, seed=5)
    )


def _plain(stated: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    return {
        each.value: {"presence": said.presence.value, "sides": [side.value for side in said.sides]}
        for each, said in stated.items()
    }


def _pairs(rows: Iterable[tuple[str, Any, str, Any]]) -> Pairs:
    """Sections with a truth; an impression that only points elsewhere ("as above") has none."""
    pairs: Pairs = {"findings": [], "impression": []}
    for findings, seen, impression, told in rows:
        for section, text, truth in (
            ("findings", findings, seen),
            ("impression", impression, told),
        ):
            if truth:
                pairs[section].append((text, {Observation(k): _label(v) for k, v in truth.items()}))
    return pairs


def _label(stated: Mapping[str, Any]) -> Label:
    return Label(Presence(stated["presence"]), frozenset(Side(side) for side in stated["sides"]))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
