"""Two documents compared: every difference once, at its place."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ledes.attributes import LINE_ATTRIBUTES
from ledes.diff import diff
from ledes.document import Party
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice

BASE = make_invoice()


def told(a, b, **options):
    return [(one.invoice_number, one.line_item_number, one.field, one.old, one.new) for one in diff(a, b, **options)]


def test_diff_of_the_same_is_empty():
    assert diff([BASE], [replace(BASE)]) == ()


def test_diff_compares_numbers_by_value():
    line = make_fee()
    longer = line._replace(units=Decimal("1.5000"), total=Decimal("427.5"))
    assert diff([make_invoice(line)], [make_invoice(longer)]) == ()


def test_diff_names_values_of_the_invoice():
    changed = replace(BASE, invoice_date=date(2026, 11, 3), client=Party(city="Reno"), is_final_bill=False)
    assert told([BASE], [changed]) == [
        ("10001", "", "INVOICE_DATE", "20261102", "20261103"),
        ("10001", "", "CLIENT_CITY", "", "Reno"),
        ("10001", "", "MATTER_FINAL_BILL", "", "N"),
    ]


def test_diff_names_values_of_a_line():
    changed = make_invoice(
        make_fee(units=Decimal(2)), make_expense(), make_discount(), invoice_total=BASE.invoice_total
    )
    assert told([BASE], [changed]) == [
        ("10001", "1", "LINE_ITEM_NUMBER_OF_UNITS", "1.5", "2"),
        ("10001", "1", "LINE_ITEM_TOTAL", "427.50", "570.00"),
    ]


def test_diff_tells_invoices_of_one_side_only():
    other = replace(BASE, invoice_number="10002")
    assert told([BASE], [other]) == [("10001", "", "", "present", ""), ("10002", "", "", "", "present")]


def test_diff_matches_invoices_in_any_order():
    other = replace(BASE, invoice_number="10002")
    assert diff([BASE, other], [other, BASE]) == ()


def test_diff_of_a_line_put_in_between_tells_it_and_the_new_numbers():
    before = make_invoice(make_fee("1"), make_expense("2"), make_discount("3"), invoice_total=Decimal(0))
    after = make_invoice(
        make_fee("1"),
        make_fee("2", description="Call with adjuster"),
        make_expense("3"),
        make_discount("4"),
        invoice_total=Decimal(0),
    )
    assert told([before], [after]) == [
        ("10001", "2", "LINE_ITEM_NUMBER", "2", "3"),
        ("10001", "3", "LINE_ITEM_NUMBER", "3", "4"),
        ("10001", "2", "", "", "present"),
    ]


def test_diff_tells_a_line_that_is_gone():
    assert told([BASE], [replace(BASE, lines=BASE.lines[:2])]) == [("10001", "3", "", "present", "")]


def test_diff_pairs_equal_lines_one_to_one():
    twice = make_invoice(make_fee("1"), make_fee("1"), invoice_total=Decimal(0))
    once = make_invoice(make_fee("1"), invoice_total=Decimal(0))
    assert told([twice], [once]) == [("10001", "1", "", "present", "")]


def test_diff_compares_only_what_it_is_told_to():
    changed = make_invoice(make_fee(description="Other"), make_expense(), make_discount())
    without_texts = [one for one in LINE_ATTRIBUTES if one.path != "description"]
    assert diff([BASE], [changed], line_attributes=without_texts) == ()


lines = st.lists(st.sampled_from([make_fee("1"), make_fee("2"), make_expense("1"), make_discount("4")]), max_size=5)


@given(lines, lines)
def test_diff_is_empty_only_for_the_same_lines(old, new):
    found = diff([replace(BASE, lines=tuple(old))], [replace(BASE, lines=tuple(new))])
    assert (found == ()) == (sorted(old) == sorted(new))


@given(lines, lines)
def test_diff_tells_the_same_number_of_differences_both_ways_round(old, new):
    a, b = [replace(BASE, lines=tuple(old))], [replace(BASE, lines=tuple(new))]
    gone = [one.old for one in diff(a, b) if one.field == ""]
    come = [one.new for one in diff(b, a) if one.field == ""]
    assert gone == come or sorted(gone) == sorted(come)
