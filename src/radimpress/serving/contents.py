"""What is in a package of a model, and what must not be."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path, PurePosixPath

import radimpress
from radimpress.runtime.errors import next_step

MANIFEST = "MANIFEST.json"
LINEAGE = "lineage.json"
CODE = "code"
OURS = f"{CODE}/radimpress"
ENTRY = Path(__file__).with_name("entry_point.py")

# What neither runs when it is read nor is run: pickles (.bin, .pt, .pkl, ...) are not among them.
DATA = frozenset({".json", ".safetensors", ".parquet", ".model", ".txt", ".md", ".jinja"})
CODE_ONLY = frozenset({".py", ".html", ".css", ".js", ".svg", ".j2", ".typed"})
MOST_FILES = 5000

# Beside torch, which the image has: what radimpress needs to load a model and write an impression.
REQUIRED = (
    *("transformers", "tokenizers", "safetensors", "accelerate", "ctranslate2"),
    *("numpy", "pyarrow", "filelock", "rich", "scikit-learn", "hydra-core", "omegaconf", "pyyaml"),
)


def model_files(folder: Path) -> dict[str, Path]:
    """The files of a model folder by name, without what a package adds. Raises RadimpressError."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not is_model(name) or path.is_dir():
            continue
        check_name(name, str(folder))
        found[name] = path
    return found


def code_files() -> dict[str, bytes]:
    """The files below code/: the entry point, its requirements, and this radimpress."""
    package = Path(radimpress.__file__).parent
    ours = {
        f"{OURS}/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file() and is_source(path)
    }
    pins = "".join(f"{name}=={version(name)}\n" for name in sorted(REQUIRED))
    return {
        f"{CODE}/inference.py": ENTRY.read_bytes(),
        f"{CODE}/requirements.txt": pins.encode(),
        **ours,
    }


def is_model(name: str) -> bool:
    """Whether a file of a package is the model's, not what packing adds."""
    return name not in (MANIFEST, LINEAGE) and PurePosixPath(name).parts[0] != CODE


def is_source(path: PurePosixPath | Path) -> bool:
    """Whether a file of a package is source, not what Python made of it."""
    return "__pycache__" not in path.parts


def check_name(name: str, where: str) -> None:
    """Raise RadimpressError unless a file of this name may be in a package."""
    path = PurePosixPath(name)
    is_plain = name == path.as_posix() and not path.is_absolute() and name.isprintable()
    if not is_plain or not path.name or ".." in path.parts or "\\" in name or ":" in name:
        raise next_step(
            f"{where} holds a file named {name[:80]!r}, which leads outside of it",
            "do not use it; pack the model again with `radimpress package`",
        )
    allowed = DATA | CODE_ONLY if path.parts[0] == CODE else DATA
    if path.suffix not in allowed:
        raise next_step(
            f"{where} holds {name[:80]}, which may run code when it is read",
            "leave it out; weights belong in safetensors files",
        )


def check_names(names: Iterable[str], where: str) -> None:
    """Raise RadimpressError unless files of these names may be in one package, each once."""
    seen: set[str] = set()
    for name in names:
        check_name(name, where)
        if name.lower() in seen:
            raise next_step(
                f"{where} holds {name[:80]} twice", "pack the model again with `radimpress package`"
            )
        seen.add(name.lower())
        if len(seen) > MOST_FILES:
            raise next_step(
                f"{where} holds more than {MOST_FILES} files", "pack one model folder only"
            )
