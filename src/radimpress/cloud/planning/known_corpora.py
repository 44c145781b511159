"""Published sizes of corpora, for plans that are made before the data are at hand."""

from dataclasses import dataclass

TOKENS_A_WORD = 1.4  # of T5's vocabulary on radiology text, where no tokenizer is at hand


@dataclass(frozen=True, slots=True)
class Assumed:
    """A corpus by its published size. Words or tokens: mean and standard deviation."""

    train: int
    validation: int
    test: int
    source: tuple[float, float]  # tokens of the findings
    target: tuple[float, float]  # tokens of the impression
    whence: str


MIMIC = ((75.0, 31.0), (22.0, 17.0))  # tokens of MEDIQA's part of MIMIC-CXR
MEDIQA = Assumed(91_544, 2_000, 2_000, *MIMIC, "MEDIQA 2021 task 3: 91,544 pairs of MIMIC-CXR")
ASSUMED = {
    "mediqa": MEDIQA,
    "mimic_cxr": Assumed(
        125_000,
        1_000,
        2_000,
        *MIMIC,
        "about 128,000 pairs in MIMIC-CXR (Nishio et al. 2023), 98% of its official split in train",
    ),
    "indiana": Assumed(
        1_400,
        200,
        400,
        (34 * TOKENS_A_WORD, 17 * TOKENS_A_WORD),
        (9 * TOKENS_A_WORD, 8 * TOKENS_A_WORD),
        "MEDIQA's 2,000 reports of Indiana University, 34 and 9 words on average",
    ),
    "synthetic": Assumed(
        2_194,
        239,
        311,
        (48 * TOKENS_A_WORD, 16 * TOKENS_A_WORD),
        (10.4 * TOKENS_A_WORD, 6 * TOKENS_A_WORD),
        "the bundled corpus, 48 and 10 words on average",
    ),
}
