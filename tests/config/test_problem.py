from radimpress.config.problem import Problem


def test_a_problem_reads_as_field_and_message_and_refuses_unless_told_otherwise():
    problem = Problem("promotion.samples", "is 1, expected at least 1000")
    assert str(problem) == "promotion.samples: is 1, expected at least 1000"
    assert problem.refused
    assert not Problem("x", "y", refused=False).refused
