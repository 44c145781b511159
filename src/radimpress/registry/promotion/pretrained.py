"""An endpoint of the model before fine-tuning, so that the two can be asked side by side."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from radimpress.cloud.endpoints.deployment import Deployed, deploy
from radimpress.cloud.endpoints.packaged_model import PackagedModel
from radimpress.cloud.session import open_session
from radimpress.config.rules import refuse_bad
from radimpress.config.schema import Config
from radimpress.registry.promotion.endpoint_package import package_digest, write_package
from radimpress.runtime.digests import folder_sha256
from radimpress.tracking.lineage import PREFIX

FOUNDATION = Path("models/foundation")
VERSION = "pretrained"  # stands where a registered model has its number


def deploy_pretrained(config: Config, folder: Path = FOUNDATION) -> Deployed:
    """Bring the endpoint `<deployment.endpoint>-pretrained` to the foundation in `folder`.

    It is no champion and stands in no registry, so no golden case is asked of it. Raises
    RadimpressError where it is too dear, and where AWS refuses.
    """
    endpoint = f"{config.deployment.endpoint}-{VERSION}"
    own = replace(config, deployment=replace(config.deployment, endpoint=endpoint))
    refuse_bad(own)
    name, sha256 = f"{config.tracking.registered_model}-{VERSION}", folder_sha256(folder)
    named = {"registered_model": name, "version": VERSION, "access": config.data.access.value}
    lineage = {PREFIX + key: value for key, value in named.items()}
    package = PackagedModel(
        name=name,
        version=VERSION,
        model_sha256=sha256,
        digest=package_digest(sha256, lineage, own.deployment.image),
        size=sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
        write=partial(write_package, folder, lineage),
    )
    return deploy(open_session(config.cloud), own, package, {}, ())
