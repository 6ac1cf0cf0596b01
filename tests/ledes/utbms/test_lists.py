"""The packaged code lists."""

from collections import Counter
from datetime import date

import pytest

from ledes.utbms import codes, is_activity, is_expense, is_task, lookup


def test_codes_holds_the_whole_lists():
    assert Counter(one.set for one in codes().values()) == {
        "Litigation": 34,
        "eDiscovery": 35,
        "Counseling": 4,
        "Project": 16,
        "Bankruptcy": 25,
        "Activity": 11,
        "Expense": 24,
    }


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("L310", (True, False, False)),
        ("L655", (True, False, False)),
        ("A103", (False, True, False)),
        ("E112", (False, False, True)),
        ("X1", (False,) * 3),
        ("", (False,) * 3),
    ],
)
def test_is_tells_the_kind_of_a_code(code, expected):
    assert (is_task(code), is_activity(code), is_expense(code)) == expected


def test_lookup_gives_the_label():
    found = lookup("L330")
    assert found is not None
    assert (found.set, found.phase, found.label, found.kind) == ("Litigation", "L300", "Depositions", "task")


def test_every_code_has_a_definition_and_a_label_that_fits_a_file():
    assert all(one.definition and one.label for one in codes().values())
    assert all(len(one.code) <= 10 and one.code.isascii() for one in codes().values())


def test_only_checks_of_quality_are_unverified():
    unverified = [one.code for one in codes().values() if not one.is_verified]
    assert unverified == ["L619", "L639", "L659", "L669", "L679", "L689"]


def test_ediscovery_codes_begin_with_the_day_of_their_list():
    legal_hold = lookup("L612")
    assert legal_hold is not None
    assert [legal_hold.is_valid_on(day) for day in (date(2011, 7, 12), date(2011, 7, 13))] == [False, True]
