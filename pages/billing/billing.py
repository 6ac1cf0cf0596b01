"""Billing: choose a period, see what will be billed and what not, run it, undo it, and make the invoices."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.billing.billing_calendar import calendar_part
from pages.billing.billing_runs import runs_made
from pages.billing.work_ages import work_ages
from pages.invoicing.finalizing import finalizing
from pages.ui.callout import error_callout
from pages.ui.confirm import confirm
from pages.ui.empty_state import empty_state
from pages.ui.export_menu import export_menu
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.page_header import page_header
from pages.ui.progress import progress
from pages.ui.shell import shell
from pages.ui.stat import stat, stats
from state.billing.billing_run import BillingRunPage


def billing() -> rx.Component:
    """Return the page."""
    return shell(
        page_header(
            "Billing",
            "Everything released in the period, matter by matter.",
            _period(),
            export_menu("work", f"?period={BillingRunPage.month}"),
            _run_button(),
        ),
        error_callout(BillingRunPage.problem),
        rx.cond(
            BillingRunPage.is_working,
            progress(BillingRunPage.phase, done=BillingRunPage.work_done, total=BillingRunPage.work_total),
        ),
        finalizing(),
        rx.cond(BillingRunPage.is_loading, rx.el.div(class_name="skeleton board-skeleton"), _preview()),
        runs_made(),
        calendar_part(),
        current="/billing",
        roles=(Role.BILLER,),
    )


def _period() -> rx.Component:
    arrows = (
        link(rx.icon(icon, size=16, aria_hidden="true"), href=href, aria_label=label, class_name="icon-button")
        for icon, href, label in (
            ("chevron-left", BillingRunPage.earlier_href, "Month before"),
            ("chevron-right", BillingRunPage.later_href, "Month after"),
        )
    )
    before, after = arrows
    month = rx.el.input(
        type="month",
        value=BillingRunPage.month,
        on_change=BillingRunPage.go_to_month,
        aria_label="Period",
        class_name="choice",
    )
    return rx.el.div(before, month, after, class_name="period")


def _run_button() -> rx.Component:
    return confirm(
        rx.button("Run the billing", disabled=BillingRunPage.is_working | (BillingRunPage.chosen_count == 0)),
        title=f"Bill {BillingRunPage.month_name}?",
        consequence=(
            f"{BillingRunPage.chosen_text} matters become proformas for {BillingRunPage.bill_amount} and go to their "
            "attorneys. Until an invoice is made you can undo the run."
        ),
        action="Run the billing",
        on_confirm=BillingRunPage.run,
    )


def _preview() -> rx.Component:
    return rx.fragment(
        stats(
            stat("Will be billed", BillingRunPage.bill_amount, hint=BillingRunPage.bill_hint),
            stat("Matters chosen", BillingRunPage.chosen_text),
            stat("Stays behind", BillingRunPage.left_amount, hint=BillingRunPage.left_hint, href="#left"),
        ),
        rx.el.div(_proposed(), _left(), class_name="billing"),
        rx.el.section(
            rx.el.div(rx.el.h2("Work in progress by age", class_name="panel-title"), class_name="panel-head"),
            work_ages(BillingRunPage.ages),
            aria_label="Work in progress by age",
            class_name="panel ages-panel",
        ),
        _early_dialog(),
    )


def _early_dialog() -> rx.Component:
    return note_dialog(
        is_open=BillingRunPage.early_id != "",
        on_open_change=BillingRunPage.close_early,
        on_submit=BillingRunPage.bill_early,
        title=f"Bill matter {BillingRunPage.early_number} all the same?",
        text=f"{BillingRunPage.early_why} It is billed with this run; the reason stays in the audit trail.",
        fields=(note_field("Why now?", is_required=True),),
        problem=BillingRunPage.early_problem,
        action=rx.button("Bill it with this run", type="submit"),
    )


def _proposed() -> rx.Component:
    search = rx.debounce_input(
        rx.el.input(
            value=BillingRunPage.search,
            on_change=BillingRunPage.find,
            type="search",
            placeholder="Search matter, carrier or attorney",
            aria_label="Search matter, carrier or attorney",
            class_name="search-field",
        ),
        debounce_timeout=300,
    )
    every = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=BillingRunPage.chosen_count > 0,
            on_change=BillingRunPage.choose_all,
            aria_label="All matters",
        ),
        "All",
        class_name="check-all",
    )
    rows = rx.el.ul(rx.foreach(BillingRunPage.proposals, _proposal), class_name="panel-list proposals")
    nothing = empty_state(
        f"Nothing to bill in {BillingRunPage.month_name}",
        "All released work is on proformas already, or none was released. What is held back stands beside.",
        icon="circle-check",
    )
    return rx.el.section(
        rx.el.div(
            rx.el.h2(f"Will be billed for {BillingRunPage.month_name}", class_name="panel-title"),
            every,
            class_name="panel-head",
        ),
        rx.el.div(
            rx.icon("search", size=16, aria_hidden="true"), search, role="search", class_name="search panel-search"
        ),
        rx.cond(
            BillingRunPage.proposals.length() > 0,
            rows,
            rx.cond(
                BillingRunPage.search == "", nothing, rx.el.p("No matter holds this text.", class_name="panel-nothing")
            ),
        ),
        rx.cond(BillingRunPage.shown_text != "", rx.el.p(BillingRunPage.shown_text, class_name="panel-nothing")),
        aria_label="Will be billed",
        class_name="panel",
    )


def _proposal(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    box = rx.el.input(
        type="checkbox",
        checked=row.is_chosen,
        on_change=lambda is_chosen: BillingRunPage.choose(row.matter_id, is_chosen),
        aria_label=f"Bill matter {row.matter_number}",
    )
    words = rx.el.span(
        rx.el.span(row.matter_number, rx.el.span(row.matter_name, class_name="muted ml-2"), class_name="row-title"),
        rx.el.span(f"{row.carrier} · to {row.reviewer} · {row.line_count} lines", class_name="row-hint"),
        rx.cond(row.early != "", rx.el.span(f"Before its turn: {row.early}", class_name="row-hint")),
        class_name="row-words",
    )
    wait = rx.el.button(
        "Not now",
        type="button",
        on_click=BillingRunPage.wait_for_turn(row.matter_id),
        aria_label=f"Not now: matter {row.matter_number}",
        class_name="text-link link-button",
    )
    return rx.el.li(
        rx.el.label(box, words, money(row.amount), class_name="panel-row"),
        rx.cond(row.early != "", rx.el.div(wait, class_name="early-row")),
    )


def _left() -> rx.Component:
    nothing = rx.el.p("Nothing is held back in this period.", class_name="panel-nothing")
    return rx.el.section(
        rx.el.div(rx.el.h2("Stays behind, and why", class_name="panel-title"), class_name="panel-head"),
        rx.cond(
            BillingRunPage.obstacles.length() > 0, rx.el.div(rx.foreach(BillingRunPage.obstacles, _group)), nothing
        ),
        id="left",
        aria_label="Stays behind, and why",
        class_name="panel",
    )


def _group(group: Any) -> rx.Component:  # noqa: ANN401
    head = rx.el.summary(
        rx.icon("chevron-right", size=15, aria_hidden="true", class_name="fold-mark"),
        rx.el.span(
            rx.el.span(group.reason, class_name="row-title"),
            rx.el.span(group.sentence, class_name="group-why"),
            rx.el.span(rx.icon("user", size=12, aria_hidden="true"), group.owners, class_name="group-owner"),
            class_name="row-words",
        ),
        rx.el.span(money(group.amount), rx.el.span(group.line_count, class_name="row-hint"), class_name="row-end"),
        class_name="panel-row group-head",
    )
    matters = rx.el.ul(rx.foreach(group.matters, _matter), class_name="group-matters")
    more = rx.cond(group.more != "", rx.el.p(group.more, class_name="panel-nothing"))
    return rx.el.details(head, matters, more, class_name="group")


def _matter(row: Any) -> rx.Component:  # noqa: ANN401
    bill = rx.el.button(
        "Bill it all the same",
        type="button",
        on_click=BillingRunPage.ask_early(row.id),
        aria_label=f"Bill it all the same: matter {row.number}",
        class_name="text-link link-button",
    )
    return rx.el.li(
        link(row.number, href=f"/matters/{row.id}", class_name="offer-number"),
        rx.el.span(
            f"{row.name} · {row.owner}",
            rx.cond(row.why != "", rx.el.span(row.why, class_name="row-hint matter-why")),
            rx.cond(row.may_bill, bill),
            class_name="offer-name",
        ),
        rx.el.span(row.line_count, class_name="muted nowrap"),
        money(row.amount),
    )
