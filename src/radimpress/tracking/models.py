"""Logs a model folder to MLflow as a pyfunc model, by copy or by reference."""

import os
import shutil
import warnings
from importlib.metadata import version
from pathlib import Path

import radimpress
from radimpress.config.schema import ModelStorage
from radimpress.config.serving import Engine
from radimpress.modeling.reference import Reference
from radimpress.runtime.atomic import whole_folder
from radimpress.runtime.digests import folder_sha256
from radimpress.runtime.errors import next_step
from radimpress.runtime.roots import repository_root
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.store import Store, redacted

REFERENCE = f"{PREFIX}reference"  # tag of a version whose weights stayed in S3: address, sha256s

# What a clean process needs to load and run the model; the code itself travels with it.
REQUIRED = (
    *("mlflow", "torch", "transformers", "tokenizers", "safetensors", "accelerate"),
    *("hydra-core", "omegaconf", "pyyaml", "pyarrow", "filelock", "rich", "scikit-learn"),
    "ctranslate2",
)


def log_model(
    store: Store,
    experiment: str,
    run: str,
    folder: Path,
    storage: ModelStorage,
    engine: Engine = Engine.transformers,
) -> str:
    """Log the model `folder` to `run`; returns its `models:/m-...` URI.

    The run is not reopened, so that its duration stays the training's.

    `copy` uploads the weights. `reference` keeps them in models/kept/, in a folder named by its
    content (hard links where the file system allows, so it costs no space), and records that path:
    for models too large to copy at every run, read on machines that share the file system.

    `engine` runs the model where `mlflow.pyfunc.load_model(uri, model_config={"engine": ...})` does
    not say otherwise.
    """
    import mlflow
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, DataType, Schema

    signature = ModelSignature(
        inputs=Schema(
            [
                ColSpec(DataType.string, "findings"),
                ColSpec(DataType.string, "background", required=False),
            ]
        ),
        outputs=Schema([ColSpec(DataType.string)]),
    )
    settings = {"engine": engine.value}
    where: dict[str, object] = {"model_config": settings}
    if storage is ModelStorage.copy:
        where["artifacts"] = {"model": str(folder)}
    else:
        settings["model_path"] = str(keep_by_content(folder))
    mlflow.set_tracking_uri(store.uri)
    mlflow.set_experiment(experiment_id=experiment)
    with warnings.catch_warnings():
        # The signature above is ours; an example would have the model loaded and run once more.
        warnings.filterwarnings("ignore", message=".*input example.*")
        info = Model.log(
            artifact_path=None,
            name="model",
            flavor=mlflow.pyfunc,
            python_model=str(Path(__file__).with_name("pyfunc_model.py")),
            code_paths=[str(Path(radimpress.__file__).parent)],
            pip_requirements=[f"{name}=={version(name)}" for name in REQUIRED],
            signature=signature,
            run_id=run,
            **where,
        )
    return str(info.model_uri)


def model_folder(store: Store, uri: str) -> Path:
    """The model folder behind `models:/NAME@ALIAS`, `models:/NAME/VERSION` or `runs:/ID/model`.

    Raises RadimpressError for a model that is not registered or was not logged by radimpress, and
    for one by reference that was not fetched (`radimpress.cloud.fetched_models`).
    """
    import mlflow
    from mlflow.exceptions import MlflowException
    from mlflow.models import Model

    if reference := model_reference(store, uri):
        if (kept := kept_folder(reference.sha256)).is_dir():
            return kept
        raise next_step(
            f"the weights of {uri} are not here but at {reference.uri}",
            f"bring them: radimpress fetch {uri}",
        )
    mlflow.set_tracking_uri(store.uri)
    mlflow.set_registry_uri(store.uri)
    try:
        local = Path(mlflow.artifacts.download_artifacts(uri))
        flavor = Model.load(str(local)).flavors["python_function"]
    except (MlflowException, OSError, KeyError) as error:
        raise next_step(
            f"{uri} is not in {redacted(store.uri)}",
            "run `dvc repro` to register a challenger, or name a model folder: "
            "--model models/finetuned",
        ) from error
    if recorded := (flavor.get("config") or {}).get("model_path"):
        return Path(recorded)
    if artifact := flavor.get("artifacts", {}).get("model"):
        return local / str(artifact["path"])
    raise next_step(f"{uri} is no radimpress model", "name one that `dvc repro` registered")


def model_reference(store: Store, uri: str) -> Reference | None:
    """Where the weights of `models:/NAME@ALIAS` or `models:/NAME/VERSION` are, if only in S3."""
    from mlflow.exceptions import MlflowException

    name, _, which = uri.removeprefix("models:/").replace("@", "/@").partition("/")
    if not uri.startswith("models:/") or not which:
        return None
    try:
        if which.startswith("@"):
            found = store.client.get_model_version_by_alias(name, which[1:])
        else:
            found = store.client.get_model_version(name, which)
    except MlflowException:  # whoever needs the model says so
        return None
    text = found.tags.get(REFERENCE)
    return Reference.of(text, f"the tag {REFERENCE} of {uri}") if text else None


def kept_folder(sha256: str) -> Path:
    """Where the model folder of this sha256 is kept on this machine, if it is."""
    return repository_root() / "models" / "kept" / sha256[:16]


def keep_by_content(folder: Path) -> Path:
    """The model `folder` in models/kept: hard links, else copies."""
    target = kept_folder(folder_sha256(folder))
    if not target.is_dir():
        with whole_folder(target) as temporary:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                copy = temporary / path.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                try:
                    os.link(path, copy)
                except OSError:
                    shutil.copy2(path, copy)
    return target
