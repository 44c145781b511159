import pytest
from botocore.exceptions import ClientError

from radimpress.cloud.inventory.resource import Kind, Prices, Resource, in_parallel, is_gone


def error(code, message=""):
    return ClientError({"Error": {"Code": code, "Message": message}}, "Delete")


@pytest.mark.parametrize(
    "gone",
    [
        error("ValidationException", 'Could not find endpoint "arn".'),
        error("ValidationException", "Model x does not exist"),
        error("ResourceNotFound", "x"),
        error("ResourceNotFoundException", "x"),
        error("ObjectNotFoundException", "x"),
        error("EntityNotFoundException", "x"),
    ],
)
def test_each_way_of_saying_that_something_is_gone_is_understood(gone):
    assert is_gone(gone)


def test_other_refusals_are_not_mistaken_for_it():
    assert not is_gone(error("ValidationException", "Cannot update in-progress endpoint"))
    assert not is_gone(error("AccessDeniedException", "not found in policy"))
    assert not is_gone(ValueError("not found"))


def test_a_month_is_730_hours():
    assert Resource(Kind.endpoint, "e", "arn", "", 2.0).usd_per_month == 1460.0
    assert Resource(Kind.endpoint, "e", "arn", "", None).usd_per_month is None


def test_prices_come_from_the_table_unless_the_configuration_says_otherwise():
    assert Prices().of("ml.c7i.xlarge", 3) == pytest.approx(0.642)
    assert Prices({"ml.c7i.xlarge": 1.0}).of("ml.c7i.xlarge", 3) == 3.0
    assert Prices({"ml.new.xlarge": 1.0}).of("ml.new.xlarge", 2) == 2.0


def test_many_things_are_asked_at_once_and_come_back_in_order():
    assert in_parallel(lambda n: n * n, range(50)) == [n * n for n in range(50)]
