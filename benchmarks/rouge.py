"""ROUGE of 4,000 pairs: four types, precision, recall and F1, with the stemmer.

python benchmarks/rouge.py            # a minute, benchmarks/results/rouge.json
python benchmarks/rouge.py --quick    # is everything right?
"""

from functools import partial
from typing import Any

import numpy as np

import suite
from radimpress.corpus.synthetic import pairs
from radimpress.metrics.rouge import TYPES, Engine, rouge
from radimpress.metrics.rouge_engine import best_engine

EXACT = 1e-12
SINGLE = 1e-6  # torchmetrics counts in 32 bits
WITHOUT_LSUM = tuple(kind for kind in TYPES if kind != "rougeLsum")

Columns = dict[str, Any]


def bench(options: suite.Options) -> list[suite.Race]:
    number = 60 if options.quick else 4000
    reports = pairs("B", number, seed=2026)
    references = [report.impression for report in reports]
    shifted = references[1:] + references[:1]  # wrong impressions: no pair is equal
    texts = (references, shifted)
    distinct = len(set(zip(*texts, strict=True)))
    fast = best_engine()
    load, how = _evaluate()
    return [
        suite.Race(
            title="ROUGE",
            input=f"{number:,} pairs of generated impressions, {distinct:,} of them distinct",
            contestants=(
                suite.Contestant(
                    f"radimpress ({'rouge_score_rs' if fast is Engine.fast else 'rouge_score'})",
                    partial(rouge, *texts, stem=True),
                    suite.Role.ours,
                ),
                suite.Contestant("rouge_score", partial(_rouge_score, *texts)),
                suite.Contestant("torchmetrics, without Lsum", partial(_torchmetrics, *texts)),
                suite.Contestant("evaluate, F1 with its bootstrap", partial(load, *texts)),
                suite.Contestant(
                    "lower case and split, once", partial(_read, *texts), suite.Role.floor
                ),
            ),
            check=_equal,
            limit="reading the text once",
            reaches=(suite.Reach("rouge_score", at_least=50),),
            notes=(
                "torchmetrics splits sentences for Lsum with nltk's punkt, a download: left out.",
                how,
                f"Each of the {number - distinct:,} repeated pairs is scored once by radimpress.",
            ),
        )
    ]


def _rouge_score(references: list[str], predictions: list[str]) -> Columns:
    """As its documentation shows, score by score."""
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(list(TYPES), use_stemmer=True)
    scores = [
        scorer.score(target, prediction)
        for target, prediction in zip(references, predictions, strict=True)
    ]
    return {
        f"{kind}{part}_stem": np.array([score[kind][i] for score in scores])
        for kind in TYPES
        for i, part in enumerate(("_precision", "_recall", ""))
    }


def _torchmetrics(references: list[str], predictions: list[str]) -> Columns:
    from torchmetrics.text.rouge import ROUGEScore

    metric = ROUGEScore(use_stemmer=True, rouge_keys=WITHOUT_LSUM)
    found = metric(predictions, references)
    names = {"_precision": "_precision", "_recall": "_recall", "_fmeasure": ""}
    return {
        f"{kind}{ours}_stem": float(found[f"{kind}{theirs}"])
        for kind in WITHOUT_LSUM
        for theirs, ours in names.items()
    }


def _evaluate() -> tuple[Any, str]:
    """The metric `rouge` of evaluate, or the calls that it documents where it cannot be had."""
    try:
        import evaluate

        metric = evaluate.load("rouge")
    except Exception as error:
        note = (
            f"evaluate.load('rouge') downloads its program and failed ({type(error).__name__}): "
            "measured are the calls that it documents, rouge_score and its BootstrapAggregator."
        )
        return _as_evaluate, note

    def loaded(references: list[str], predictions: list[str]) -> Columns:
        found = metric.compute(predictions=predictions, references=references, use_stemmer=True)
        return {f"{kind}_stem": found[kind] for kind in TYPES}

    return loaded, "evaluate returns the median of an unseeded bootstrap: equal to 0.005 only."


def _as_evaluate(references: list[str], predictions: list[str]) -> Columns:
    from rouge_score.rouge_scorer import RougeScorer
    from rouge_score.scoring import BootstrapAggregator

    scorer = RougeScorer(list(TYPES), use_stemmer=True)
    aggregator = BootstrapAggregator()
    for target, prediction in zip(references, predictions, strict=True):
        aggregator.add_scores(scorer.score(target, prediction))
    return {f"{kind}_stem": each.mid.fmeasure for kind, each in aggregator.aggregate().items()}


def _read(references: list[str], predictions: list[str]) -> int:
    return sum(len(text.lower().split()) for text in (*references, *predictions))


def _equal(outputs: dict[str, Any]) -> list[str]:
    ours, theirs, torch, evaluated, _ = outputs.values()
    worst = max(float(np.abs(ours[name] - column).max()) for name, column in theirs.items())
    if set(ours) != set(theirs) or worst > EXACT:
        raise suite.UnequalError(f"rouge_score differs by up to {worst:.2g}")
    loose = 0.05 if len(ours["rouge1_stem"]) < 1000 else 0.005
    for name, allowed, means in (
        ("torchmetrics", SINGLE * 10, torch),
        ("evaluate", loose, evaluated),
    ):
        off = max(abs(float(ours[column].mean()) - mean) for column, mean in means.items())
        if off > allowed:
            raise suite.UnequalError(f"the means of {name} differ by {off:.2g}")
    return [
        f"equal to rouge_score in all {len(ours)} numbers of every pair, largest difference "
        f"{worst:.1g}; means equal to torchmetrics' to {SINGLE * 10:.0e}"
    ]


if __name__ == "__main__":
    suite.main(
        __doc__,
        bench,
        ["rouge-score", "rouge-score-rs", "torchmetrics", "evaluate", "nltk", "numpy"],
    )
