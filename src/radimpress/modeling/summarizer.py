"""A model folder in use: findings in, impressions out."""

from collections.abc import Sequence
from pathlib import Path

from radimpress.config.schema import Device, Precision
from radimpress.config.serving import Engine
from radimpress.corpus.cleaning import clean_text
from radimpress.corpus.report import Prediction, Report
from radimpress.modeling.encoding import encode_sources
from radimpress.modeling.engine import RunningModel, run_model
from radimpress.modeling.generation import Generator
from radimpress.modeling.omissions import with_omitted
from radimpress.modeling.recipe import Decoding
from radimpress.modeling.retrieval import Retrieval
from radimpress.modeling.shards import Shards
from radimpress.runtime.errors import next_step

BATCH_SIZE = 32


class Summarizer:
    """Writes impressions with one loaded model, as its recipe says; safe to use from threads.

    `name` is the system's name in tables. `decoding` and `neighbours` replace the recipe's and the
    folder's own, for comparisons in which every system must be asked in the same way.
    """

    def __init__(
        self,
        model: RunningModel,
        name: str = "finetuned",
        batch_size: int = BATCH_SIZE,
        decoding: Decoding | None = None,
        neighbours: Sequence[Report] | None = None,
    ) -> None:
        recipe = model.recipe
        self.name, self.recipe, self.engine = name, recipe, model.engine
        self._tokenizer = model.tokenizer
        self._generator = Generator(model.decoder, decoding or recipe.decoding, batch_size)
        train = model.neighbours if neighbours is None else neighbours
        self._retrieval = Retrieval(train, recipe.prompt.retrieval)

    @classmethod
    def from_folder(
        cls,
        folder: str | Path,
        device: Device | str = Device.auto,
        precision: Precision = Precision.auto,
        name: str = "finetuned",
        batch_size: int = BATCH_SIZE,
        decoding: Decoding | None = None,
        neighbours: Sequence[Report] | None = None,
        engine: Engine = Engine.transformers,
        threads: int | None = None,
    ) -> "Summarizer":
        """Load `folder`; see `engine.run_model` for `engine` and `threads`.

        Raises RadimpressError for what is no model folder or no such device.
        """
        model = run_model(Path(folder), engine, Device(device), precision, decoding, threads)
        return cls(model, name, batch_size, decoding, neighbours)

    def summarize(
        self,
        findings: Sequence[str],
        background: Sequence[str] | None = None,
        study_ids: Sequence[str] | None = None,
        decoding: Decoding | None = None,
    ) -> list[Prediction]:
        """Impressions for raw text, which is cleaned as the training text was; in the same order.

        `study_ids` default to "0", "1", ...; `decoding` holds for this call only. Raises
        RadimpressError for empty findings, and where the lists differ in length: a model asked
        about nothing would invent a patient.
        """
        behind = background or [""] * len(findings)
        ids = study_ids or [str(number) for number in range(len(findings))]
        if not len(findings) == len(behind) == len(ids):
            raise next_step(
                f"{len(findings)} findings, {len(behind)} backgrounds and {len(ids)} study ids "
                "are not one each",
                "give one of each a report",
            )
        cleaning = self.recipe.cleaning
        reports = [
            Report(
                study_id=study,
                subject_id="",
                source="",
                background=clean_text(context, cleaning.list_numbers, cleaning.placeholder),
                findings=clean_text(text, cleaning.list_numbers, cleaning.placeholder),
                impression="",
            )
            for text, context, study in zip(findings, behind, ids, strict=True)
        ]
        if empty := [report.study_id for report in reports if not report.findings]:
            raise next_step(
                f"the findings of report {empty[0]!r} are empty", "give the findings section's text"
            )
        return self.generate(reports, decoding=decoding)

    def generate(
        self,
        reports: Sequence[Report],
        shards: Shards | None = None,
        decoding: Decoding | None = None,
    ) -> list[Prediction]:
        """Impressions for cleaned reports, in order; "" for a report without findings."""
        asked = [report for report in reports if report.findings]
        near = self._retrieval.impressions(asked)
        sources = encode_sources(self._tokenizer, self.recipe.prompt, asked, near)
        written = iter(
            self._generator.generate(
                [s.input_ids for s in sources], f"generate {self.name}", shards, decoding
            )
        )
        clipped = iter(source.clipped for source in sources)
        return [
            Prediction(
                report.study_id,
                self._completed(report, (output := next(written)).text),
                output.truncated,
                next(clipped),
            )
            if report.findings
            else Prediction(report.study_id, "")
            for report in reports
        ]

    def _completed(self, report: Report, text: str) -> str:
        return with_omitted(report.findings, text) if self.recipe.states_omissions else text
