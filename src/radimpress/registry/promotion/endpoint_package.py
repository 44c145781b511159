"""A registered version as an endpoint takes it: package, lineage, golden cases."""

from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path

from radimpress.cloud.endpoints.golden_watch import GoldenCase
from radimpress.cloud.endpoints.packaged_model import PackagedModel, StoredModel
from radimpress.cloud.fetched_models import fetched, stored_bytes
from radimpress.config.cloud import Cloud
from radimpress.config.deployment import Deployment, EndpointImage, EndpointMode
from radimpress.config.fingerprint import fingerprint
from radimpress.config.promotion import GoldenGate
from radimpress.modeling.reference import Reference
from radimpress.registry.evidence.golden import Case, problems, read_cases
from radimpress.registry.ledger.ledger import HEAD
from radimpress.registry.promotion.marks import DECISION, OVERRIDES, PROMOTION
from radimpress.registry.versions import Version
from radimpress.runtime.digests import folder_sha256
from radimpress.serving.contents import code_files
from radimpress.serving.facts import registered_facts
from radimpress.serving.package import additions, lay_out, pack
from radimpress.tracking.lineage import PREFIX
from radimpress.tracking.models import REFERENCE, model_folder, model_reference
from radimpress.tracking.store import Store

# These move with the champion, or with the place of the weights; they are not the model's.
MARKS = frozenset({PROMOTION, OVERRIDES, DECISION, HEAD, REFERENCE})


def package_lineage(store: Store, version: Version) -> dict[str, str]:
    """What a package says of where its model comes from: the tags that no promotion changes."""
    facts = registered_facts(store, store.client.get_model_version(version.name, version.number))
    named = {
        "registered_model": version.name,
        "version": version.number,
        "run_id": version.run_id,
        "access": facts.access,
        "corpus": facts.trained_on or "",
    }
    kept = {k: v for k, v in version.tags.items() if k.startswith(PREFIX) and k not in MARKS}
    return kept | {PREFIX + name: value for name, value in named.items() if value}


def packaged(store: Store, version: Version, deployment: Deployment, cloud: Cloud) -> PackagedModel:
    """The package of `version`; nothing is read of a recorded model before it is written.

    Of a model by reference S3 makes the package itself, out of the files that it has; only a
    serverless endpoint, which takes nothing but an archive, has it downloaded.
    """
    if reference := model_reference(store, version.uri):
        return _by_reference(reference, package_lineage(store, version), version, deployment, cloud)
    folder = model_folder(store, version.uri)
    lineage = package_lineage(store, version)
    model_sha256 = version.model_sha256 or folder_sha256(folder)
    return PackagedModel(
        name=version.name,
        version=version.number,
        model_sha256=model_sha256,
        digest=package_digest(model_sha256, lineage, deployment.image),
        size=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        write=partial(write_package, folder, lineage),
    )


def _by_reference(
    reference: Reference,
    lineage: Mapping[str, str],
    version: Version,
    deployment: Deployment,
    cloud: Cloud,
) -> PackagedModel:
    def write(scratch: Path, as_archive: bool) -> Path:
        return write_package(fetched(reference, cloud), lineage, scratch, as_archive)

    stored = None
    if deployment.mode is not EndpointMode.serverless:
        added = additions(reference.files, lineage, reference.uri)
        stored = StoredModel(reference.uri, reference.files, added)
    return PackagedModel(
        name=version.name,
        version=version.number,
        model_sha256=reference.sha256,
        digest=package_digest(reference.sha256, lineage, deployment.image),
        size=stored_bytes(reference, cloud),
        write=write,
        stored=stored,
    )


def package_digest(model_sha256: str, lineage: Mapping[str, str], image: EndpointImage) -> str:
    """Names the package before it is written.

    Our own image brings its code; only in Hugging Face's image does the code of the package run,
    so only there is other code another deployment.
    """
    code: dict[str, str] = {}
    if image is EndpointImage.huggingface:
        code = {name: sha256(content).hexdigest() for name, content in code_files().items()}
    return fingerprint(model_sha256, dict(lineage), code)


def endpoint_cases(gate: GoldenGate) -> list[GoldenCase]:
    """The golden cases of promotion, and the shares of them that an endpoint must pass too."""
    cases = read_cases(Path(gate.cases) if gate.cases else None)
    return [
        GoldenCase(
            case.name,
            case.family,
            float(getattr(gate, case.family)),
            case.findings,
            partial(_wrong, case),
            case.refused,
            survives=case.family == "absurd",  # a server has limits that a model has not
        )
        for case in cases
    ]


def _wrong(case: Case, impression: str) -> list[str]:
    return problems(case, impression)


def write_package(
    folder: Path, lineage: Mapping[str, str], scratch: Path, as_archive: bool
) -> Path:
    """Write the package of the model `folder` into `scratch`; its path."""
    if as_archive:
        archive = scratch / "model.tar.gz"
        pack(folder, archive, lineage)
        return archive
    return lay_out(folder, scratch / "model", lineage)
