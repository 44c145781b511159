import pytest

from radimpress.cloud.tags import KIND, PROJECT, is_ours, refuse_strangers, tagged, tags
from radimpress.config.cloud import Cloud
from radimpress.runtime.errors import RadimpressError


def test_everything_created_says_whose_it_is():
    cloud = Cloud(project="chest", tags={"cost-centre": "42"})
    assert tagged(tags(cloud, "endpoint", {"radimpress:version": "7"})) == {
        PROJECT: "chest",
        KIND: "endpoint",
        "cost-centre": "42",
        "radimpress:version": "7",
    }


def test_another_project_is_not_ours():
    cloud = Cloud(project="chest")
    assert is_ours(tags(cloud, "model"), cloud)
    assert not is_ours(tags(Cloud(project="other"), "model"), cloud)
    assert not is_ours([], cloud)


def test_configured_tags_never_hide_whose_a_resource_is():
    hidden = Cloud(tags={"radimpress:project": "other", "radimpress:kind": "x", "team": "chest"})
    made = tagged(tags(hidden, "endpoint"))
    assert made == {
        "radimpress:project": "radimpress",
        "radimpress:kind": "endpoint",
        "team": "chest",
    }


def test_what_is_somebody_elses_is_named_with_the_tag_it_lacks():
    cloud = Cloud(project="chest")
    refuse_strangers(tags(cloud, "model"), cloud, "the model m")
    with pytest.raises(RadimpressError, match="the model m does not .* radimpress:project=chest"):
        refuse_strangers([], cloud, "the model m")
