"""Timekeeper classifications, old and of 2014."""

import pytest

from ledes.utbms.classifications import classifications, in_scheme, is_classification, names_person

NO_PERSON = {"FLTFEE", "ADJSMT"}


def test_lists_hold_five_old_and_the_51_of_2014():
    schemes = [one.scheme for one in classifications().values()]
    assert (schemes.count("old"), schemes.count("2014")) == (5, 51)


def test_codes_fit_their_field():
    assert all(1 < len(code) <= 6 and code.isalpha() and code.isupper() for code in classifications())


@pytest.mark.parametrize(
    ("code", "scheme", "expected"),
    [
        ("PT", "old", True),
        ("PT", "2014", False),
        ("PT", "any", True),
        ("PARTNR", "2014", True),
        ("PARTNR", "old", False),
        ("FLTFEE", "any", True),
        ("pt", "any", False),
        ("", "any", False),
        ("PARTNER", "any", False),
    ],
)
def test_is_classification_by_scheme(code, scheme, expected):
    assert is_classification(code, scheme) is expected


def test_two_classifications_name_no_person():
    assert {code for code, one in classifications().items() if not one.is_person} == NO_PERSON
    assert names_person("PARTNR")
    assert not names_person("ADJSMT")
    assert not names_person("NOBODY")


@pytest.mark.parametrize(
    ("code", "scheme", "expected"),
    [
        ("PT", "2014", "PARTNR"),
        ("AS", "2014", "ASSOC"),
        ("OC", "2014", "OFCOUN"),
        ("LA", "2014", None),
        ("OT", "2014", None),
        ("PARALG", "old", "LA"),
        ("LGLAST", "old", "LA"),
        ("LIBRRN", "old", None),
        ("PT", "old", "PT"),
        ("NOBODY", "old", None),
    ],
)
def test_in_scheme_translates_only_what_loses_nothing(code, scheme, expected):
    assert in_scheme(code, scheme) == expected


def test_every_twin_is_in_the_other_scheme():
    known = classifications()
    twins = [(one.scheme, known[one.same_as].scheme) for one in known.values() if one.same_as]
    assert twins
    assert all(ours != theirs for ours, theirs in twins)
