"""Compose conf/ into params.yaml: what `make params` runs.

python pipelines/compose_params.py                           # the committed default
python pipelines/compose_params.py experiment=smoke          # with Hydra overrides
python pipelines/compose_params.py --check                   # is params.yaml what conf/ says? (CI)
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.params_file import differences, write_params
from radimpress.runtime.errors import RadimpressError


def main(arguments: list[str]) -> None:
    if {"-h", "--help"} & set(arguments):
        print((__doc__ or "").strip())
    elif "--check" in arguments:
        if lines := differences():
            print("\n".join(lines))
            sys.exit("error: params.yaml is not the composition of conf/; next: run `make params`")
        print("params.yaml is the composition of conf/")
    else:
        print("params.yaml written" if write_params(arguments) else "params.yaml is up to date")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except RadimpressError as error:
        sys.exit(f"error: {error}")
