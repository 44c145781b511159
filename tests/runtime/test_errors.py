from radimpress.runtime.errors import RadimpressError, next_step


def test_an_error_is_one_line_that_ends_with_the_next_step():
    error = next_step("the file\n is   missing", "run\n`dvc repro`")
    assert isinstance(error, RadimpressError)
    assert str(error) == "the file is missing; next: run `dvc repro`"
