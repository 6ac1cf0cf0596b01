"""A document brought into a carrier's own form."""

from dataclasses import replace
from decimal import Decimal

import pytest

from ledes.file_format import FileFormat
from ledes.for_carrier import CarrierFormatError, for_carrier
from ledes.formats import LedesFormat
from ledes.parser import parse
from ledes.readback import compare
from ledes.writer import write
from tests.ledes.builders import make_discount, make_expense, make_fee, make_invoice

INVOICE = make_invoice()


def test_for_carrier_changes_nothing_for_a_plain_profile():
    assert for_carrier(INVOICE, FileFormat()) == INVOICE


def test_for_carrier_writes_the_tax_id_in_digits():
    assert for_carrier(INVOICE, FileFormat(law_firm_id="digits_only")).law_firm_id == "364412907"


def test_for_carrier_turns_names_round_and_the_file_reads_back():
    wanted = FileFormat(timekeeper_name="first_last")
    changed = for_carrier(make_invoice(make_fee(), make_fee("2", timekeeper_name="Ana Reyes")), wanted)
    assert [line.timekeeper_name for line in changed.lines] == ["Ana Reyes", "Ana Reyes"]
    assert compare(changed, write(changed, file_format=wanted), wanted) == ()
    assert parse(write(changed), wanted).findings == ()


def test_for_carrier_moves_the_amount_of_an_adjustment_to_the_unit_cost_and_back():
    moved = for_carrier(INVOICE, FileFormat(adjustment_amount_in="unit_cost"))
    line = moved.lines[2]
    assert (line.units, line.unit_cost, line.adjustment_amount) == (Decimal(1), Decimal("-25.00"), Decimal("0.00"))
    assert line.total == Decimal("-25.00")
    assert parse(write(moved)).invoices == (moved,)
    assert for_carrier(moved, FileFormat()) == INVOICE


def test_for_carrier_remaps_values_and_leaves_others():
    remaps = {"TIMEKEEPER_CLASSIFICATION": {"PT": "PARTNR"}, "LINE_ITEM_TASK_CODE": {"L110": "L120"},
              "CLIENT_ID": {"HARBOR": "HMI"}}  # fmt: skip
    changed = for_carrier(INVOICE, FileFormat(remaps=remaps))
    assert changed.client_id == "HMI"
    assert changed.lines[0].timekeeper_classification == "PARTNR"
    assert changed.lines[0].task_code == "L310"
    assert changed.lines[1:] == INVOICE.lines[1:]


def test_for_carrier_puts_constants_where_the_type_has_a_place():
    constants = {"LINE_ITEM_TASK_CODE": "L100", "LINE_ITEM_EXPENSE_CODE": "E124", "LAW_FIRM_ID": "HM-778"}
    changed = for_carrier(INVOICE, FileFormat(constants=constants))
    assert [(line.task_code, line.expense_code) for line in changed.lines] == [("L100", ""), ("", "E124"), ("", "")]
    assert changed.law_firm_id == "HM-778"
    assert parse(write(changed)).is_valid


def test_for_carrier_completes_98bi_from_the_profile_and_the_lines():
    wanted = FileFormat(
        dialect=LedesFormat.LEDES_98BI_V2,
        constants={
            "CLIENT_TAX_ID": "12-3456789", "MATTER_NAME": "Hale v. Harbor", "INVOICE_CURRENCY": "USD",
            "ACCOUNT_TYPE": "O", "LINE_ITEM_TAX_TOTAL": "0.00", "CLIENT_CITY": "Boston",
        },
    )  # fmt: skip
    changed = for_carrier(INVOICE, wanted)
    assert (changed.invoice_tax_total, changed.invoice_net_total) == (Decimal("0.00"), Decimal("804.50"))
    assert (changed.lines[0].timekeeper_last_name, changed.lines[0].timekeeper_first_name) == ("Reyes", "Ana")
    assert changed.client.city == "Boston"
    content = write(changed, wanted.dialect, wanted)
    assert content.startswith(b"LEDES98BI V2[]\r\n")
    assert compare(changed, content, wanted) == ()


def test_for_carrier_keeps_tax_totals_that_were_given():
    fee = make_fee(tax_rate=Decimal("0.21"), tax_total=Decimal("89.78"), total=Decimal("517.28"))
    invoice = make_invoice(fee, invoice_tax_total=Decimal("1.00"))
    changed = for_carrier(invoice, FileFormat(dialect=LedesFormat.LEDES_98BI_V2))
    assert (changed.invoice_tax_total, changed.invoice_net_total) == (Decimal("1.00"), Decimal("427.50"))


def test_for_carrier_does_not_invent_tax_totals():
    fee = make_fee(tax_total=Decimal("0.00"))
    changed = for_carrier(make_invoice(fee, make_expense()), FileFormat(dialect=LedesFormat.LEDES_98BI_V2))
    assert (changed.invoice_tax_total, changed.invoice_net_total) == (None, None)


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (FileFormat(constants={"CLIENT_TAX_ID": "1"}), "CLIENT_TAX_ID, which LEDES1998B does not have"),
        (FileFormat(remaps={"NO_SUCH_FIELD": {"1": "2"}}), "NO_SUCH_FIELD, which LEDES1998B does not have"),
        (FileFormat(constants={"INVOICE_TOTAL": "1.00"}), "INVOICE_TOTAL, which every invoice must say"),
        (FileFormat(constants={"INVOICE_DATE": "20261102"}), "INVOICE_DATE, which every invoice must say"),
        (FileFormat(remaps={"LINE_ITEM_NUMBER": {"1": "2"}}), "LINE_ITEM_NUMBER, which every invoice must say"),
    ],
)
def test_for_carrier_refuses_what_the_format_cannot_do(wanted, sentence):
    with pytest.raises(CarrierFormatError, match=sentence):
        for_carrier(INVOICE, wanted)


def test_for_carrier_leaves_an_adjustment_in_two_places_alone():
    both = make_discount(units=Decimal(1), unit_cost=Decimal("-5.00"), total=Decimal("-30.00"))
    invoice = replace(make_invoice(make_fee(), both))
    assert for_carrier(invoice, FileFormat(adjustment_amount_in="unit_cost")).lines[1] == both
