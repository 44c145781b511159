"""How many pairs of what length there are to train on: counted where they are, assumed elsewhere.

Nothing here keeps or shows report text; only lengths leave.
"""

import json
import math
import string
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from radimpress.cloud.planning.known_corpora import ASSUMED, MEDIQA, TOKENS_A_WORD, Assumed
from radimpress.config.schema import Config, Model
from radimpress.modeling.flops import Lengths

if TYPE_CHECKING:
    from radimpress.corpus.report import Report

SPLITS, FOUNDATION = Path("data/splits"), Path("models/foundation")
SAMPLE = 4000  # reports of a larger split that are measured, evenly spaced


@dataclass(frozen=True, slots=True)
class DataSize:
    """Pairs to train on and to validate with, their tokens, and where the numbers come from.

    `lengths` are means over pairs, prompt and end of sequence included and cut as the prompt says;
    `longest_source` and `longest_target` are the largest seen, or what the prompt allows.
    """

    train: int
    validation: int
    test: int
    lengths: Lengths
    longest_source: int
    longest_target: int
    basis: str

    @property
    def tokens_a_pair(self) -> float:
        """Source and target tokens of a pair on average."""
        return self.lengths.source + self.lengths.target


def data_size(config: Config, root: Path = Path()) -> DataSize:
    """The size of the configured corpus: its splits below `root` if there, else what is known."""
    splits = root / SPLITS
    if _split_corpus(splits) == config.data.name and (splits / "train.parquet").is_file():
        return _counted(config, splits, root)
    known = ASSUMED.get(config.data.name)
    return _assumed(config, known or MEDIQA, is_known=known is not None)


def _split_corpus(splits: Path) -> str | None:
    """The corpus that data/splits holds; None where there is none."""
    try:
        return str(json.loads((splits / "summary.json").read_text(encoding="utf-8"))["corpus"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _counted(config: Config, splits: Path, root: Path) -> DataSize:
    from radimpress.corpus.report import read_reports

    train = read_reports(splits / "train.parquet")
    sample = train[:: max(1, len(train) // SAMPLE)]
    if tokenizer := _tokenizer(config.model, root):
        sources, targets = _token_counts(tokenizer, config.model, sample)
        how = "tokens"
    else:
        sources, targets = _word_counts(config.model, sample)
        how = f"words x {TOKENS_A_WORD}, no tokenizer of {config.model.name} at hand"
    of = f"{len(sample):,} of {len(train):,}" if len(sample) < len(train) else f"{len(train):,}"
    return DataSize(
        len(train),
        _rows(splits / "validation.parquet"),
        _rows(splits / "test.parquet"),
        lengths=measured(sources, targets),
        longest_source=max(sources, default=1),
        longest_target=max(targets, default=1),
        basis=f"{of} training pairs in {SPLITS} ({how})",
    )


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows) if path.is_file() else 0


def _tokenizer(model: Model, root: Path) -> Path | None:
    """tokenizer.json of the configured model: the foundation's, or the local checkpoint's."""
    folder = root / FOUNDATION
    try:
        recipe = json.loads((folder / "radimpress.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        recipe = {}
    candidates = [folder] if recipe.get("model") == model.name else []
    candidates += [Path(model.path)] if model.path else []
    found = (folder / "tokenizer.json" for folder in candidates)
    return next((path for path in found if path.is_file()), None)


def _token_counts(
    tokenizer: Path, model: Model, reports: Sequence["Report"]
) -> tuple[list[int], list[int]]:
    from tokenizers import Tokenizer

    from radimpress.modeling.encoding import encode
    from radimpress.modeling.prompt import Prompt

    own = Tokenizer.from_file(str(tokenizer))
    own.no_truncation()
    own.no_padding()
    # A neighbour's impression is about as long as the report's own.
    near = [[report.impression] * model.retrieval for report in reports]
    examples = encode(own, Prompt.of(model), reports, near)
    return [len(e.input_ids) for e in examples], [len(e.labels) for e in examples]


def _word_counts(model: Model, reports: Sequence["Report"]) -> tuple[list[int], list[int]]:
    from radimpress.modeling.prompt import Prompt

    prompt = Prompt.of(model)
    texts = [prompt.render(r, [r.impression] * model.retrieval) for r in reports]
    return (
        [min(_tokens(text), model.max_source_tokens) for text in texts],
        [min(_tokens(r.impression), model.max_target_tokens) for r in reports],
    )


def _tokens(text: str) -> int:
    return math.ceil(len(text.split()) * TOKENS_A_WORD) + 1  # the end of sequence


def measured(sources: Sequence[int], targets: Sequence[int]) -> Lengths:
    """Means over pairs of `sources` and `targets` tokens."""
    n = max(1, len(sources))
    return Lengths(
        sum(sources) / n,
        sum(targets) / n,
        sum(s * s for s in sources) / n,
        sum(t * t for t in targets) / n,
        sum(s * t for s, t in zip(sources, targets, strict=True)) / n,
    )


def _assumed(config: Config, known: Assumed, is_known: bool) -> DataSize:
    """The published size, with the prompt's own words and neighbours added; lengths independent."""
    model = config.model
    words = "".join(text for text, *_ in string.Formatter().parse(model.prompt)).split()
    (source, source_sd), (target, target_sd) = known.source, known.target
    source += len(words) * TOKENS_A_WORD + model.retrieval * target + 1
    source, target = min(source, model.max_source_tokens), min(target + 1, model.max_target_tokens)
    train = min(known.train, config.data.limit or known.train)
    stand_in = "" if is_known else f"{config.data.name} is not at hand and of unknown size; as "
    return DataSize(
        train,
        known.validation,
        known.test,
        Lengths(
            source, target, source**2 + source_sd**2, target**2 + target_sd**2, source * target
        ),
        longest_source=model.max_source_tokens,
        longest_target=model.max_target_tokens,
        basis=f"assumed: {stand_in}{known.whence}",
    )
