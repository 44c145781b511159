"""The training split as JumpStart reads it: JSON lines, and the template that makes prompts.

JumpStart's script fills `template.json` with the fields of each line, so with a template it trains
on the very prompt that generation and serving use. Without one it trains on the bare fields, as the
reference work did, and is then asked with a prompt that it has never seen.
"""

import json
import re
from pathlib import Path

from radimpress.config.schema import Config
from radimpress.corpus.report import read_reports
from radimpress.runtime.errors import next_step

TRAIN, TEMPLATE = "train.jsonl", "template.json"
FIELDS = {"findings": "prompt", "background": "background"}  # ours: JumpStart's


def write_dataset(config: Config, splits: Path, folder: Path) -> dict[str, Path]:
    """Write the training channel into `folder`: name of each file, and where it is.

    Raises RadimpressError for a prompt that looks up neighbours, which JumpStart cannot.
    """
    if config.model.retrieval:
        raise next_step(
            f"model.retrieval={config.model.retrieval} puts neighbours into the prompt, which "
            "JumpStart's training cannot look up",
            "set model.retrieval=0 and a prompt without {neighbours}",
        )
    lines = []
    for report in read_reports(splits / "train.parquet"):
        row = {"prompt": report.findings, "completion": report.impression}
        if "{background}" in config.model.prompt:
            row["background"] = report.background
        lines.append(json.dumps(row, ensure_ascii=False))
    files = {TRAIN: folder / TRAIN}
    files[TRAIN].write_text("\n".join(lines) + "\n", encoding="utf-8")
    if config.compute.job.jumpstart_template:
        files[TEMPLATE] = folder / TEMPLATE
        text = json.dumps(template(config.model.prompt), ensure_ascii=False, indent=2) + "\n"
        files[TEMPLATE].write_text(text, encoding="utf-8")
    return files


def template(prompt: str) -> dict[str, str]:
    """Our prompt in JumpStart's words: `{findings}` is its field `prompt`."""
    named = re.sub(r"(?<!{){(\w+)}(?!})", lambda found: f"{{{FIELDS[found[1]]}}}", prompt)
    return {"prompt": named, "completion": "{completion}"}
