"""Matters: how often each is billed and which are held; one of them open beside the list."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.billing.matter import matter_pane
from pages.ui.data_table import Column, data_table
from pages.ui.detail_pane import with_detail
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.status_badge import Look, badge
from state.billing.matter import MatterPage
from state.billing.matters import Matters

_ROLES = (Role.BILLER, Role.ADMIN, Role.ATTORNEY)
_HELD = Look("amber", "pause", "Held")
_CLOSED = Look("grey", "archive", "Closed")


def matters() -> rx.Component:
    """Return the page, for the list alone and with a matter open."""
    calendar = link("Billing calendar", href="/billing/calendar", class_name="text-link")
    return shell(
        page_header(
            "Matters",
            "How often each is billed, and what is held.",
            rx.cond(may(Role.BILLER, Role.ADMIN), calendar),
        ),
        with_detail(_list(), matter_pane(), is_open=MatterPage.item_id != ""),
        current="/matters",
        roles=_ROLES,
    )


def _list() -> rx.Component:
    return data_table(
        Matters,
        caption="Matters",
        columns=_COLUMNS,
        card=_card,
        empty=empty_state("No matter found", "Clear the search and the filters to see them all."),
        search_label="Search number, name, carrier or attorney",
        export="matters",
        toolbar=(_frequency(), _only_held()),
    )


def _frequency() -> rx.Component:
    return rx.el.select(
        rx.el.option("All frequencies", value=""),
        rx.foreach(Matters.frequencies, lambda one: rx.el.option(one.label, value=one.value)),
        value=Matters.frequency,
        on_change=Matters.choose_frequency,
        aria_label="Frequency",
        class_name="choice",
    )


def _only_held() -> rx.Component:
    box = rx.el.input(type="checkbox", checked=Matters.only_held, on_change=Matters.show_held)
    return rx.el.label(box, "Held", class_name="check-all")


def _matter(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.span(
        link(row.number, href=row.href, class_name="row-link"),
        rx.el.span(row.name, class_name="row-hint clip", title=row.name),
        class_name="row-words",
    )


def _state(row: Any) -> rx.Component:  # noqa: ANN401
    held = rx.el.span(
        badge(_HELD), rx.el.span(row.hold, title=row.hold_reason, class_name="row-hint nowrap"), class_name="row-words"
    )
    return rx.cond(row.hold != "", held, rx.cond(row.is_closed, badge(_CLOSED), rx.fragment()))


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_matter(row), _state(row), class_name="card-head"),
        rx.el.p(f"{row.frequency} · {row.carrier} · {row.attorney}", class_name="row-hint"),
    )


_COLUMNS = (
    Column("Matter", _matter),
    Column("Billed", lambda row: rx.el.span(row.frequency, class_name="nowrap")),
    Column("Hold", _state),
    Column("Attorney", lambda row: rx.el.span(row.attorney, class_name="nowrap")),
    Column("Carrier", lambda row: rx.el.span(row.carrier, title=row.carrier, class_name="clip short")),
)
