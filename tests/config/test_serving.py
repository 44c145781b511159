from radimpress.config.load import compose
from radimpress.config.serving import Engine, Serving


def test_the_shipped_group_is_the_default(root, monkeypatch):
    monkeypatch.chdir(root)
    assert compose().serving == Serving()


def test_a_container_serves_its_own_model_to_its_network(root, monkeypatch):
    monkeypatch.chdir(root)
    serving = compose(["serving=container"]).serving
    assert (serving.model, serving.reload_s) == ("/opt/ml/model", 0)
    assert serving.host == "0.0.0.0"  # noqa: S104  # compared, not bound
    assert serving.engine is Engine.auto
