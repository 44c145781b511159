from radimpress.config.register import conf_digest


def test_the_digest_sees_names_contents_and_nothing_else(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yaml").write_text("1")
    first = conf_digest(tmp_path)
    (tmp_path / "notes.txt").write_text("not configuration")
    assert conf_digest(tmp_path) == first
    (tmp_path / "a" / "x.yaml").write_text("2")
    second = conf_digest(tmp_path)
    (tmp_path / "a" / "x.yaml").rename(tmp_path / "a" / "y.yaml")
    assert len({first, second, conf_digest(tmp_path)}) == 3
