"""Stage `train`: fine-tune the foundation on the training split.

python pipelines/train.py                                                  # as DVC runs it
python pipelines/train.py model=flan_t5_base training.learning_rate=1e-4   # with Hydra overrides

Where compute.processes is above 1 it starts itself that many times, as torchrun does. With
compute=sagemaker_* it starts, or finds again, a SageMaker job that runs this same program.
"""

import sys
from contextlib import nullcontext
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from radimpress.config.dispatch import runs_elsewhere
from radimpress.config.program import run_stage
from radimpress.config.schema import Config
from radimpress.modeling.distributed import is_main, launch, must_launch, one_voice


def silent(_: object) -> None:
    """Only the main process logs."""


def main(config: Config) -> None:
    if runs_elsewhere(config, "train"):
        from radimpress.cloud.jobs.remote_stage import run_stage_remotely

        run_stage_remotely(config, "train")
        return
    if must_launch(config.compute):
        if status := launch(config.compute, sys.argv):
            sys.exit(status)
        return
    from radimpress.modeling.train_stage import train_model
    from radimpress.tracking.live import training_run

    with one_voice(), training_run(config) if is_main() else nullcontext(silent) as on_log:
        summary = train_model(
            config,
            foundation=Path("models/foundation"),
            splits=Path("data/splits"),
            out=Path("models/finetuned"),
            history=Path("reports/training"),
            on_log=on_log,
        )
    if is_main():
        print(
            f"trained {summary['steps']} steps in {summary['seconds']:.0f} s "
            f"({summary['tokens_per_second']:,} tokens/s, "
            f"{summary['peak_memory_bytes'] / 2**30:.1f} GiB); best validation loss "
            f"{summary['best_validation_loss']:.4f} at step {summary['best_step']}"
        )


if __name__ == "__main__":
    run_stage(__doc__, main)
