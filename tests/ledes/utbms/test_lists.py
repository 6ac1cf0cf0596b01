"""The packaged code lists."""

import pytest

from ledes.fields import FIELDS, HEADER
from ledes.utbms import codes, is_activity, is_expense, is_task, lookup


def test_codes_holds_the_whole_lists():
    assert len(codes()) == 149


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("L310", (True, False, False)),
        ("A103", (False, True, False)),
        ("E112", (False, False, True)),
        ("X1", (False,) * 3),
    ],
)
def test_is_tells_the_kind_of_a_code(code, expected):
    assert (is_task(code), is_activity(code), is_expense(code)) == expected


def test_lookup_gives_the_label():
    found = lookup("L330")
    assert found is not None
    assert (found.set, found.phase, found.label) == ("Litigation", "L300", "Depositions")


def test_fields_are_the_24_in_order():
    assert [field.position for field in FIELDS] == list(range(1, 25))
    assert HEADER.startswith("INVOICE_DATE|INVOICE_NUMBER|")
    assert HEADER.endswith("|CLIENT_MATTER_ID")
