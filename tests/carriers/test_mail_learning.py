"""A layout learnt from one mail reads the next one of its kind, and nothing else."""

import re

import pytest

from carriers.mail_learning import Pointed, learn_layout

BLOCK = (
    "ACME\n\nInvoice Number:   {number}\nClaim: X-77\nResult:  {word}\nBilled $1,500.00\nAmount Approved:  {amount}\n"
)
TABLE = "Number | Billed | Allowed | Outcome\n2026-1 | $1,500.00 | $1,460.00 | Cut\n2026-22 | $7.00 | $7.00 | Paid\n"
WORDS = frozenset({"Paid in full"})


def test_learn_reads_the_next_mail_of_a_block_layout():
    first = BLOCK.format(number="2026-000123", word="Reduced", amount="$1,460.00")
    layout = learn_layout(
        "Invoice 2026-000123 - 11/28/2026", first, Pointed("2026-000123", "Reduced", "$1,460.00"), WORDS
    )
    assert re.search(layout.subject, "Invoice 2027-9 - 01/02/2027")
    said = re.search(layout.invoice, BLOCK.format(number="2027-9", word="Paid in full", amount="12.00")).groupdict()
    assert said == {"invoice_number": "2027-9", "decision": "Paid in full", "amount": "12.00"}
    assert re.search(layout.invoice, BLOCK.format(number="2027-9", word="Escalated", amount="12.00")) is None
    assert re.search(layout.subject, "Newsletter 2027") is None


def test_learn_reads_every_row_of_a_table():
    layout = learn_layout("Digest", TABLE, Pointed("2026-1", "Cut"), frozenset({"Paid"}))
    found = [(one["invoice_number"], one["decision"]) for one in re.finditer(layout.invoice, TABLE)]
    assert found == [("2026-1", "Cut"), ("2026-22", "Paid")]


def test_learn_takes_the_number_from_the_subject_where_it_stands_there_alone():
    layout = learn_layout(
        "Invoice INV-7 reviewed", "Dear Counsel,\nit is Approved now", Pointed("INV-7", "Approved"), WORDS
    )
    assert re.search(layout.subject, "Invoice INV-88 reviewed")["invoice_number"] == "INV-88"


@pytest.mark.parametrize(
    "pointed", [Pointed("2099-1", "Reduced"), Pointed("2026-000123", "Escalated"), Pointed("2026-0001", "Reduced")]
)
def test_learn_nothing_from_what_does_not_stand_there(pointed):
    text = BLOCK.format(number="2026-000123", word="Reduced", amount="$1.00")
    assert learn_layout("Invoice", text, pointed, WORDS) is None
