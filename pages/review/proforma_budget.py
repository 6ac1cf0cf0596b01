"""The budgets beside a proforma: what the carrier approved, what is billed of it, and what is left."""

from typing import Any

import reflex as rx

from pages.ui.money import money
from pages.ui.note_dialog import note_dialog
from state.review.proforma import ProformaPage
from state.review.proforma_budget import ProformaBudget


def budgets() -> rx.Component:
    """Return the section; nothing while it is not known what to show."""
    ask = rx.el.button(
        "Record a budget…",
        type="button",
        on_click=ProformaBudget.ask(ProformaPage.head.version),
        class_name="text-button",
    )
    none = rx.el.p("No budget of the carrier is recorded for this matter.", class_name="row-hint")
    head = rx.el.div(
        rx.el.h2("Budget", class_name="panel-title"), rx.cond(ProformaBudget.may_set, ask), class_name="budget-head"
    )
    rows = rx.el.ul(rx.foreach(ProformaBudget.rows, _budget), class_name="budgets")
    section = rx.el.section(
        head,
        rx.cond(ProformaBudget.rows.length() > 0, rows, none),
        aria_label="Budget",
        class_name="budget-section",
    )
    return rx.cond(ProformaBudget.is_known, section)


def _budget(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    take_back = rx.el.button(
        "Take back",
        type="button",
        on_click=ProformaBudget.take_back(row.id, ProformaPage.head.version),
        custom_attrs={"aria-label": f"Take back the budget for {row.name}"},
        class_name="text-button",
    )
    left = rx.cond(row.is_passed, rx.el.span(money(row.left), class_name="late"), money(row.left))
    name = rx.el.div(
        rx.el.p(row.name, class_name="budget-name"), rx.el.p(row.facts, class_name="row-hint"), class_name="min-w-0"
    )
    figures = rx.el.dl(
        _figure("Approved", money(row.approved)),
        _figure("Billed before", money(row.billed)),
        _figure("On this one", money(row.here)),
        _figure("Left", left),
        class_name="figures",
    )
    return rx.el.li(name, figures, rx.cond(ProformaBudget.may_set, take_back), key=row.id, class_name="budget")


def _figure(name: str, value: rx.Component | rx.Var) -> rx.Component:
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="figure")


def budget_dialog() -> rx.Component:
    """Return the dialog that records what the carrier approved."""
    amount = rx.el.input(name="amount", input_mode="decimal", required=True, auto_complete="off", class_name="field")
    code = rx.el.input(
        name="code",
        placeholder="whole matter",
        max_length=20,
        auto_complete="off",
        auto_capitalize="characters",
        spell_check=False,
        class_name="field",
    )
    day = rx.el.input(
        name="approved_on",
        type="date",
        default_value=ProformaBudget.today,
        max=ProformaBudget.today,
        required=True,
        class_name="field",
    )
    written = rx.el.input(
        name="reference",
        max_length=255,
        placeholder="e-mail of 3 October, budget form 2",
        auto_complete="off",
        class_name="field",
    )
    work = (
        _field("For work from", rx.el.input(name="work_from", type="date", class_name="field")),
        _field("to", rx.el.input(name="work_to", type="date", class_name="field")),
    )
    return note_dialog(
        is_open=ProformaBudget.is_open,
        on_open_change=ProformaBudget.close,
        on_submit=ProformaBudget.record,
        title="What did the carrier approve?",
        text="One for the same task and days replaces the budget before; leave the days empty where it names none.",
        fields=(
            rx.el.div(
                _field("Dollars", amount),
                _field("Task or phase", code),
                _field("Approved on", day),
                class_name="field-row",
            ),
            rx.el.div(*work, class_name="field-row"),
            _field("Where it is written", written),
        ),
        problem=ProformaBudget.problem,
        action=rx.button("Record it", type="submit"),
    )


def _field(label: str, field: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, class_name="field-block")
