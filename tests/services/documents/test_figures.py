"""A bill's sums agree with one another whatever its lines are: each is of the lines' own totals."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import line_amount, total
from models import InvoiceLine
from models.enums import EntryKind
from services.documents.figures import Tax, figures_of, label_of

CODES = ["L110", "L120", "L210", "L300", "A999", ""]
PEOPLE = [("TK001", "Reyes, Ana", "PT"), ("TK002", "Quinn, Oliver", "AS")]


def line(
    kind: EntryKind = EntryKind.FEE,
    units: str = "1.5",
    cost: str = "285",
    adjustment: str = "0",
    task: str = "L120",
    expense: str = "",
    who: int = 0,
) -> InvoiceLine:
    code, name, classification = PEOPLE[who]
    values = Decimal(units), Decimal(cost), Decimal(adjustment)
    return InvoiceLine(
        invoice_revision_id=1,
        line_number=1,
        proforma_line_id=1,
        kind=kind,
        worked_on=date(2026, 10, 5),
        timekeeper_code=code,
        timekeeper_name=name,
        timekeeper_classification=classification,
        units=values[0],
        unit_cost=values[1],
        adjustment_amount=values[2],
        total_amount=line_amount(*values),
        task_code=task,
        expense_code=expense,
        narrative="Work",
    )


LINES = st.lists(
    st.builds(
        line,
        kind=st.sampled_from(EntryKind),
        units=st.integers(1, 400).map(lambda tenths: str(Decimal(tenths) / 10)),
        cost=st.integers(1, 9_999_999).map(lambda parts: str(Decimal(parts) / 10_000)),
        adjustment=st.integers(-5000, 5000).map(lambda cents: str(Decimal(cents) / 100)),
        task=st.sampled_from(CODES),
        expense=st.sampled_from(["E101", "E118", "X1", ""]),
        who=st.integers(0, 1),
    ),
    max_size=60,
)


@given(lines=LINES)
def test_every_way_to_add_up_gives_the_same_cents(lines: list[InvoiceLine]) -> None:
    figures = figures_of(lines)
    by_kind = {kind: total(one.total_amount for one in lines if one.kind is kind) for kind in EntryKind}
    fees, expenses = by_kind[EntryKind.FEE], by_kind[EntryKind.EXPENSE]
    assert figures.discount_amount == by_kind[EntryKind.FEE_DISCOUNT] + by_kind[EntryKind.EXPENSE_DISCOUNT]
    assert figures.total_amount == total(one.total_amount for one in lines) == total(by_kind.values())
    assert total(found.amount for found in figures.by_timekeeper) == fees
    assert total(found.amount for found in figures.by_phase) == fees
    assert total(task.amount for phase in figures.by_phase for task in phase.parts) == fees
    assert total(found.amount for found in figures.by_expense) == expenses
    for found in (figures.fees, figures.expenses):
        assert found.gross_amount + found.adjustment_amount == found.amount


@given(lines=LINES)
def test_hours_add_up_as_the_amounts_do(lines: list[InvoiceLine]) -> None:
    figures = figures_of(lines)
    hours = sum((one.units for one in lines if one.kind is EntryKind.FEE), start=Decimal(0))
    assert sum((found.hours for found in figures.by_timekeeper), start=Decimal(0)) == hours
    assert sum((found.units for found in figures.by_phase), start=Decimal(0)) == hours


def test_one_person_at_two_rates_stands_twice() -> None:
    found = figures_of([line(cost="285"), line(cost="285"), line(cost="310")]).by_timekeeper
    assert [(one.code, one.unit_cost, one.hours) for one in found] == [
        ("TK001", Decimal(285), Decimal("3.0")),
        ("TK001", Decimal(310), Decimal("1.5")),
    ]


def test_tasks_stand_under_their_phase_and_none_at_all_stands_last() -> None:
    phases = figures_of([line(task=""), line(task="L210"), line(task="L120"), line(task="L110")]).by_phase
    assert [phase.code for phase in phases] == ["L100", "L200", ""]
    assert [task.code for task in phases[0].parts] == ["L110", "L120"]
    assert phases[-1].label == "No code"


def test_taxes_are_part_of_what_is_due() -> None:
    figures = figures_of([line()], [Tax("Sales tax", Decimal("12.34")), Tax("City tax", Decimal("0.00"))])
    assert figures.tax_amount == Decimal("12.34")
    assert figures.total_amount == Decimal("439.84")


def test_no_lines_add_up_to_nothing() -> None:
    figures = figures_of([])
    assert (figures.total_amount, figures.by_timekeeper, figures.by_phase) == (Decimal("0.00"), (), ())


@pytest.mark.parametrize(
    ("code", "label"), [("L120", "Analysis/Strategy"), ("X77", "The carrier's own code"), ("", "No code")]
)
def test_every_code_has_a_name(code: str, label: str) -> None:
    assert label_of(code) == label
