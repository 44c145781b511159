import json

from radimpress.tracking.names import HEADLINE
from radimpress.tracking.shared_view import CHARTS, KEY, TAG, shared_view


def test_the_table_shows_what_is_deployed_and_every_headline_metric():
    columns = json.loads(shared_view())["selectedColumns"]
    assert columns[0] == "tags.`alias`"
    assert {f"metrics.`test/{name}`" for name in HEADLINE} < set(columns)


def test_the_charts_that_decide_stand_in_the_first_section_which_says_what_is_better():
    view = json.loads(shared_view())
    (section,) = view["compareRunSections"]
    assert {chart["metricSectionId"] for chart in view["compareRunCharts"]} == {section["uuid"]}
    assert section["name"] == "ROUGE-L, clinical F1: higher; errors: lower"
    assert len({chart["uuid"] for chart in view["compareRunCharts"]}) == len(CHARTS)


def test_an_experiment_carries_the_view_once(store, config):
    name = config.tracking.experiment
    identity = store.experiment(name, "a note", shared_view())
    assert store.experiment(name, "a note", shared_view()) == identity
    tags = store.client.get_experiment(identity).tags
    assert tags[TAG] == shared_view()
    assert TAG.endswith(KEY)
    assert store.experiment(name, "a note") == identity  # no view given: the old one stays
    assert store.client.get_experiment(identity).tags[TAG] == shared_view()
