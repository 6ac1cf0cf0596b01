"""Signals, findings and amounts as sites write them."""

from decimal import Decimal
from typing import get_args

import pytest

from carriers.errors import ALL_SIGNALS, SiteError
from carriers.exchange import SiteFinding
from carriers.outcomes import SIGNALS, amount_of, findings_of
from carriers.profile import Signal


def test_every_declared_signal_has_its_error():
    assert set(SIGNALS) == set(get_args(Signal))
    assert all(error.code == signal for signal, error in SIGNALS.items())


def test_all_signals_are_every_leaf():
    assert set(ALL_SIGNALS) == set(SiteError.__subclasses__())
    assert len({error.code for error in ALL_SIGNALS}) == len(ALL_SIGNALS)


@pytest.mark.parametrize("error", ALL_SIGNALS)
def test_every_signal_has_a_ready_sentence(error):
    sentence = error.template.format(site="Harbor")
    assert "Harbor" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$1,250.00", "1250.00"),
        ("-$12.50", "-12.50"),
        ("$-12.50", "-12.50"),
        ("(12.50)", "-12.50"),
        (" 7 ", "7"),
    ],
)
def test_reads_amounts(text, amount):
    assert amount_of(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "-", "n/a", "1.2.3", "12 EUR", ","])
def test_reads_no_amount_from_other_texts(text):
    assert amount_of(text) is None


def test_findings_keep_lines_and_positive_reductions():
    rows = [
        {"line_item_number": "-", "code": "INVOICE_TOTAL", "message": "Totals differ"},
        {"line_item_number": "4", "message": "Too vague", "reduction": "-$10.00"},
        {"line_item_number": "5", "message": ""},
    ]
    assert findings_of(rows) == (
        SiteFinding(None, "INVOICE_TOTAL", "Totals differ"),
        SiteFinding("4", "", "Too vague", Decimal("10.00")),
    )
