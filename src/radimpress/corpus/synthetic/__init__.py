"""Generated chest reports in MIMIC-CXR's raw layout, with the truth behind them.

No patient is real. `docs/synthetic-corpus.md` says how they are made.
"""

from radimpress.corpus.synthetic.archive import write_corpus
from radimpress.corpus.synthetic.quirks import QuirkRates
from radimpress.corpus.synthetic.studies import (
    INSTITUTIONS,
    SyntheticStudy,
    generate_studies,
    pairs,
)

__all__ = [
    "INSTITUTIONS",
    "QuirkRates",
    "SyntheticStudy",
    "generate_studies",
    "pairs",
    "write_corpus",
]
