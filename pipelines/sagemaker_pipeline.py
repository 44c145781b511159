"""Compile the stages of dvc.yaml into a SageMaker Pipeline, for teams that schedule in AWS.

python pipelines/sagemaker_pipeline.py compute=sagemaker_cpu tracking.uri=arn:aws:...  # prints it
python pipelines/sagemaker_pipeline.py --out pipeline.json compute=...                 # writes it
python pipelines/sagemaker_pipeline.py --upsert compute=...       # creates or updates it in AWS

Uploads source, settings and raw data to the project's bucket, by content; starts nothing.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.runtime.errors import RadimpressError


def main(arguments: list[str]) -> None:
    about = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    about.add_argument("--out", type=Path, help="write the definition to this file")
    about.add_argument("--upsert", action="store_true", help="create or update it in AWS")
    about.add_argument("overrides", nargs="*", help="Hydra overrides")
    given = about.parse_args(arguments)

    from radimpress.cloud.schedule.contents import put_contents
    from radimpress.cloud.schedule.definition import as_text, definition
    from radimpress.cloud.schedule.upsert import upsert
    from radimpress.cloud.session import open_session
    from radimpress.config.load import compose, from_params
    from radimpress.runtime.atomic import write_text
    from radimpress.tracking.lineage import read_lineage

    config = compose(given.overrides) if given.overrides else from_params()
    session = open_session(config.cloud)
    contents = put_contents(session, config, read_lineage(config).tags())
    text = as_text(definition(session, config, contents))
    if given.out:
        write_text(given.out, text)
        print(f"{given.out}: {len(text):,} characters")
    elif not given.upsert:
        print(text, end="")
    if given.upsert:
        print(f"{upsert(session, text)} stands as compiled")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except RadimpressError as error:
        sys.exit(f"error: {error}")
