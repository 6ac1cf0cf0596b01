"""Products of scaled columns are refused; sums, comparisons and plain arithmetic are not."""

from pathlib import Path

import pytest

from tools.lints.products import scaled_columns

REFUSED = [
    "select(func.sum(InvoiceLine.units * InvoiceLine.unit_cost))",
    "select(InvoiceLine.units * rate)",
    "select(2 * InvoiceLine.total_amount)",
    "select(InvoiceLine.total_amount / 100)",
    "select(func.coalesce(InvoiceLine.units, 0) * factor)",
    "select(InvoiceLine.__table__.c.units * 2)",
    "line = aliased(InvoiceLine); select(line.units * 3)",
    "amount = line.units * line.unit_cost",
]
ALLOWED = [
    "select(func.sum(InvoiceLine.total_amount))",
    "select(InvoiceLine.total_amount + InvoiceLine.adjustment_amount)",
    "select(Invoice).where(Invoice.total_amount > limit)",
    "pages = count * size",
    "amount = line_amount(line.units, line.unit_cost)",
    "left = line.units / increment",
]


@pytest.mark.parametrize("code", REFUSED)
def test_refuse_product(lint, code):
    assert lint(code, "services/invoices.py") == [("scaled-product", 1)]


@pytest.mark.parametrize("code", ALLOWED)
def test_allow_sum(lint, code):
    assert lint(code, "services/invoices.py") == []


def test_allow_in_the_file_that_rounds(lint):
    assert lint("amount = line.units * line.unit_cost", "core/money.py") == []


def test_allow_practice_site_to_count_for_itself(lint):
    assert lint("amount = line.units * line.unit_cost", "sandbox/portals/checks.py") == []


def test_know_the_columns_of_the_models():
    columns = scaled_columns(Path.cwd())
    assert {("InvoiceLine", "units"), ("Invoice", "total_amount")} <= columns
    assert ("Invoice", "document_status") not in columns


def test_read_columns_from_declarations(tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "rate.py").write_text(
        "class Rate:\n    hourly_amount: Decimal = Field(sa_type=Scaled(14, 4))\n    name: str = Field()\n"
    )
    assert scaled_columns(tmp_path) == {("Rate", "hourly_amount")}
