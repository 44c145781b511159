from radimpress.config.promotion import Promotion, Superiority


def test_the_schema_alone_asks_for_every_golden_case_and_a_clean_commit():
    promotion = Promotion()
    golden = promotion.golden
    assert {golden.negation, golden.side, golden.finding, golden.normal, golden.empty} == {1.0}
    assert promotion.lineage.clean_commit is True
    assert promotion.max_empty == 0


def test_each_configuration_has_gates_of_its_own():
    one, other = Promotion(), Promotion()
    one.score.margin = 0.5
    one.baselines.systems.append("lead")
    assert other.score.margin == 0.02
    assert other.baselines.systems == ["constant", "retrieval"]


def test_rules_are_named_as_in_yaml():
    assert [rule.name for rule in Superiority] == [rule.value for rule in Superiority]
