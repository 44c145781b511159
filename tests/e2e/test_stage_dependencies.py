"""Every module that a stage loads lies in a folder that the stage depends on."""

import yaml

# Training streams its curves; how they are recorded does not change the weights, and a week of
# training must not run again for it.
ONLY_RECORDS = {("train", "tracking")}
# Packages of which a stage loads a part: their __init__.py hold a docstring alone.
ONLY_WORDS = {
    ("train", "radimpress/metrics"),
    ("generate", "radimpress/metrics"),
    ("register", "radimpress/modeling"),
    ("register", "radimpress/registry"),
}


def test_what_a_stage_loads_is_among_its_dependencies(smoke):
    stages = yaml.safe_load(smoke.read("dvc.yaml"))["stages"]
    missing = []
    for name, stage in stages.items():
        loaded = set((smoke.root.parent / "modules" / name).read_text().split())
        assert loaded, name
        sources = {module.replace(".", "/") for module in loaded if "." in module}
        named = [d.removeprefix("src/").removesuffix(".py") for d in stage["deps"]]
        missing += [
            (name, source)
            for source in sorted(sources)
            if not any(source == one or source.startswith(f"{one}/") for one in named)
        ]
    records = {one for one in missing if (one[0], one[1].split("/")[1]) in ONLY_RECORDS}
    assert set(missing) - records == ONLY_WORDS
