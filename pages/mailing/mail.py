"""Mail and paper: invoices whose payors take no uploads; one of them open beside the list."""

from typing import Any

import reflex as rx

from models.enums import DeliveryChannel, MailingStatus, Role
from pages.mailing.mailing import mailing_pane
from pages.mailing.printing import posting_dialog, print_log, print_queue
from pages.ui.data_table import Column, data_table
from pages.ui.detail_pane import with_detail
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.money import money
from pages.ui.next_step import next_step
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.status_badge import status_badge
from state.mailing.mail import Mail
from state.mailing.mailing import MailingPage

_ROLES = (Role.BILLER, Role.ADMIN)


def mail() -> rx.Component:
    """Return the page, for the list alone and with one open."""
    letter = rx.cond(may(Role.ADMIN), link("Cover letter", href="/letters", class_name="text-link"))
    return shell(
        page_header("Mail and paper", "Invoices of payors without a site: mailed, or printed and posted.", letter),
        _views(),
        print_queue(),
        with_detail(_list(), mailing_pane(), is_open=MailingPage.item_id != ""),
        print_log(),
        posting_dialog(),
        current="/mail",
        roles=_ROLES,
    )


def _views() -> rx.Component:
    choice = rx.foreach(
        Mail.views,
        lambda view: link(
            view.label,
            rx.el.span(view.count, class_name="filter-count"),
            href=view.href,
            class_name="filter",
            custom_attrs={"aria-current": rx.cond(Mail.view == view.value, "true", "false")},
        ),
    )
    return rx.el.nav(choice, aria_label="Which mailings", class_name="filters")


def _list() -> rx.Component:
    return data_table(
        Mail,
        caption="Mail and paper",
        columns=_COLUMNS,
        card=_card,
        empty=empty_state(
            "Nothing here",
            "Invoices appear here when they are queued and their payor takes them by e-mail or on paper.",
            link("Show all of them", href="/mail?view=all", class_name="text-link"),
        ),
        export="mail",
        search_label="Search invoice or matter number",
    )


def _number(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    current = rx.cond(MailingPage.item_id == row.id, "true", "false")
    return link(row.invoice_number, href=row.href, class_name="row-link", custom_attrs={"aria-current": current})


def _way(row: Any) -> rx.Component:  # noqa: ANN401
    by_post = rx.fragment(
        rx.icon("printer", size=14, aria_hidden="true"), rx.el.span("By post to ", class_name="sr-only")
    )
    by_mail = rx.fragment(
        rx.icon("mail", size=14, aria_hidden="true"), rx.el.span("By e-mail to ", class_name="sr-only")
    )
    way = rx.cond(row.channel == DeliveryChannel.PAPER.value, by_post, by_mail)
    return rx.el.span(way, row.goes_to, title=row.goes_to, class_name="way")


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_number(row), money(row.amount), class_name="card-head card-strong"),
        rx.el.p(row.payor, class_name="muted"),
        rx.el.p(_way(row)),
        rx.el.div(status_badge(MailingStatus, row.status), class_name="badges"),
        rx.cond(row.error != "", rx.el.p(row.error)),
        next_step(row.next_step, row.next_who),
    )


_COLUMNS = (
    Column("Invoice", _number, width="130px"),
    Column("Amount", lambda row: money(row.amount), align="end", width="120px"),
    Column("State", lambda row: status_badge(MailingStatus, row.status), width="150px"),
    Column("Goes to", _way),
    Column("Next", lambda row: next_step(row.next_step, row.next_who)),
    Column("Payor", lambda row: rx.el.span(row.payor, class_name="nowrap")),
    Column("Left", lambda row: rx.el.span(row.left, class_name="nowrap")),
)
