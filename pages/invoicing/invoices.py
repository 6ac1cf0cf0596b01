"""Invoices: what happened here beside what happened at the carrier; one of them open beside the list."""

from typing import Any

import reflex as rx

from models.enums import CashStatus, DecisionStatus, DocumentStatus, MailingStatus, Role, SubmissionStatus
from pages.invoicing.invoice import invoice_pane
from pages.ui.callout import notice
from pages.ui.data_table import Column, data_table
from pages.ui.detail_pane import with_detail
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.money import money
from pages.ui.next_step import next_step
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.status_badge import Look, badge, status_badge
from state.invoicing.invoice import InvoicePage
from state.invoicing.invoices import Invoices

_ROLES = (Role.BILLER, Role.ATTORNEY, Role.ADMIN)
_NOT_QUEUED = Look("grey", "file", "Not queued")


def invoices() -> rx.Component:
    """Return the page, for the list alone and with an invoice open."""
    return shell(
        page_header("Invoices", "Billed here, accepted there, paid: three facts that never mix."),
        _ages(),
        _unsent(),
        _views(),
        with_detail(_list(), invoice_pane(), is_open=InvoicePage.item_id != ""),
        current="/invoices",
        roles=_ROLES,
    )


def here_badge(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return what happened to the invoice here: its document, or while that is open, its file."""
    mail = rx.cond(row.mail_status == "", badge(_NOT_QUEUED), status_badge(MailingStatus, row.mail_status))
    file = rx.cond(row.file_status == "", mail, status_badge(SubmissionStatus, row.file_status))
    is_open = row.document_status == DocumentStatus.OPEN.value
    return rx.cond(is_open, file, status_badge(DocumentStatus, row.document_status))


def _ages() -> rx.Component:
    figures = rx.foreach(
        Invoices.ages,
        lambda age: link(
            rx.el.span(age.label, class_name="stat-label"),
            rx.el.span(age.amount, class_name="age-amount"),
            rx.el.span(age.count, " owed", class_name="stat-hint"),
            href=age.href,
            class_name="stat",
        ),
    )
    return rx.el.div(figures, aria_label="Owed by age", role="group", class_name="stats ages")


def _unsent() -> rx.Component:
    button = rx.button("Queue them", size="2", on_click=Invoices.queue_unsent)
    blocked = rx.el.ul(
        rx.foreach(
            Invoices.not_queued,
            lambda row: rx.el.li(
                link(row.number, href=row.href, class_name="text-link"), f" {row.reason} ({row.owner})"
            ),
        ),
        class_name="skipped",
    )
    return rx.fragment(
        rx.cond(
            (Invoices.unqueued_text != "") & may(Role.BILLER),
            notice(Invoices.unqueued_text, button, tone="blue", icon="send"),
        ),
        rx.cond(
            Invoices.not_queued.length() > 0,
            rx.el.div(
                rx.el.p("These were not queued. Nothing of them was sent."), blocked, class_name="callout amber block"
            ),
        ),
    )


def _views() -> rx.Component:
    choice = rx.foreach(
        Invoices.views,
        lambda view: link(
            view.label,
            rx.el.span(view.count, class_name="filter-count"),
            href=view.href,
            class_name="filter",
            custom_attrs={"aria-current": rx.cond(Invoices.view == view.value, "true", "false")},
        ),
    )
    return rx.el.nav(choice, aria_label="Which invoices", class_name="filters")


def _list() -> rx.Component:
    return data_table(
        Invoices,
        caption="Invoices",
        columns=_COLUMNS,
        card=_card,
        empty=empty_state(
            "No invoice here",
            "None waits in this view. Choose another one above, or search for a number.",
            link("Show all invoices", href="/invoices?view=all", class_name="text-link"),
        ),
        export="invoices",
        search_label="Search invoice, matter or claim number",
        toolbar=(_carrier_choice(), _narrowed()),
    )


def _carrier_choice() -> rx.Component:
    return rx.el.select(
        rx.el.option("All carriers", value=""),
        rx.foreach(Invoices.carriers, lambda carrier: rx.el.option(carrier.name, value=carrier.value)),
        value=Invoices.carrier,
        on_change=Invoices.choose_carrier,
        aria_label="Carrier",
        class_name="choice",
    )


def _narrowed() -> rx.Component:
    clear = link(rx.icon("x", size=13, aria_hidden="true"), href="/invoices?view=all", aria_label="Show all")
    return rx.cond(Invoices.narrowed != "", rx.el.span(Invoices.narrowed, clear, class_name="narrowed"))


def _number(row: Any) -> rx.Component:  # noqa: ANN401
    current = rx.cond(InvoicePage.item_id == row.id, "true", "false")
    return link(row.number, href=row.href, class_name="row-link", custom_attrs={"aria-current": current})


def _amount(row: Any) -> rx.Component:  # noqa: ANN401
    accepted = rx.cond(row.approved_amount != "", rx.el.span(row.approved_amount, " accepted", class_name="money-note"))
    return rx.el.span(money(row.amount), accepted, class_name="money-pair")


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_number(row), money(row.amount), class_name="card-head card-strong"),
        rx.el.p(f"{row.matter_number} {row.matter_name}"),
        rx.el.p(row.carrier, class_name="muted"),
        rx.el.div(
            here_badge(row),
            status_badge(DecisionStatus, row.decision_status),
            status_badge(CashStatus, row.cash_status),
            class_name="badges",
        ),
        next_step(row.next_step, row.next_who),
    )


_COLUMNS = (
    Column("Invoice", _number, width="110px"),
    Column("Amount", _amount, align="end", width="96px"),
    Column("Billed here", here_badge, width="112px"),
    Column("Accepted there", lambda row: status_badge(DecisionStatus, row.decision_status), width="112px"),
    Column("Cash", lambda row: status_badge(CashStatus, row.cash_status), width="90px"),
    Column("Next", lambda row: next_step(row.next_step, row.next_who)),
    Column("Carrier", lambda row: rx.el.span(row.carrier, class_name="nowrap")),
    Column("Matter", lambda row: rx.el.span(row.matter_number, title=row.matter_name, class_name="nowrap")),
    Column("Age", lambda row: row.age, align="end", width="64px"),
)
