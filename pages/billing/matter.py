"""One matter beside the list: frequency, hold, work in progress by age, what is held of it, its bills."""

from typing import Any

import reflex as rx

from models.enums import DocumentStatus, ProformaStatus
from pages.billing.work_ages import work_ages
from pages.ui.callout import error_callout, notice
from pages.ui.confirm import confirm
from pages.ui.detail_pane import detail_pane, fact, facts, part
from pages.ui.fields import text_field
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.note_dialog import note_dialog, note_field
from pages.ui.status_badge import status_badge
from state.billing.matter import MatterPage
from state.billing.matters import Matters


def matter_pane() -> rx.Component:
    """Return the open matter."""
    item = MatterPage.item
    return detail_pane(
        item.number,
        item.name,
        error_callout(rx.cond(MatterPage.is_holding | MatterPage.asks_closing, "", MatterPage.problem)),
        rx.cond(MatterPage.done != "", notice(MatterPage.done, tone="green", icon="check")),
        facts(
            fact("Attorney", item.attorney),
            rx.cond(item.carrier != "", fact("Carrier", item.carrier)),
            fact("Dates", MatterPage.dates),
        ),
        _billed(),
        _closing(),
        part("Work in progress by age", work_ages(MatterPage.work)),
        _hindrances(),
        _held(),
        _bills("Proformas", MatterPage.proformas, lambda row: status_badge(ProformaStatus, row.status)),
        _bills("Invoices", MatterPage.invoices, lambda row: status_badge(DocumentStatus, row.status)),
        _dialog(),
        _closing_dialog(),
        close_href="/matters",
        label="Matter",
        is_loading=MatterPage.is_loading,
    )


def _billed() -> rx.Component:
    item = MatterPage.item
    choice = rx.el.label(
        rx.el.span("Billed", class_name="field-label"),
        rx.el.select(
            rx.foreach(Matters.frequencies, lambda one: rx.el.option(one.label, value=one.value)),
            value=item.frequency_value,
            on_change=MatterPage.set_frequency,
            class_name="field",
        ),
        class_name="field-block",
    )
    return part(
        "How it is billed",
        rx.cond(MatterPage.can_edit, choice, rx.el.p(item.frequency)),
        rx.cond(
            item.hold != "",
            rx.el.div(
                notice(f"{item.hold}: {item.hold_reason}", icon="pause"),
                rx.cond(MatterPage.can_edit, rx.el.div(_end_hold(), _hold("Change the hold"), class_name="hold-verbs")),
            ),
            rx.cond(MatterPage.can_edit, rx.el.div(_hold("Hold until a day"), class_name="hold-verbs")),
        ),
    )


def _closing() -> rx.Component:
    is_closed = MatterPage.item.is_closed
    ask = rx.button(
        rx.cond(is_closed, "Reopen the matter", "Close the matter"),
        size="2",
        variant="surface",
        color_scheme="gray",
        on_click=MatterPage.ask_closing(True),
    )
    return rx.cond(
        MatterPage.can_edit | (MatterPage.closing != ""),
        part(
            "Closing",
            rx.cond(MatterPage.closing != "", rx.el.p(MatterPage.closing)),
            rx.cond(MatterPage.can_edit, rx.el.div(ask, class_name="hold-verbs")),
        ),
    )


def _closing_dialog() -> rx.Component:
    is_closed, number = MatterPage.item.is_closed, MatterPage.item.number
    on = text_field(
        "Closed on",
        "closed_on",
        type="date",
        required=True,
        max=MatterPage.latest_day,
        default_value=MatterPage.latest_day,
    )
    return note_dialog(
        is_open=MatterPage.asks_closing,
        on_open_change=MatterPage.ask_closing,
        on_submit=MatterPage.close_or_reopen,
        title=rx.cond(is_closed, f"Reopen matter {number}", f"Close matter {number}"),
        text=MatterPage.closing_text,
        fields=(rx.cond(is_closed, rx.fragment(), on), note_field("Why?", is_required=True)),
        problem=MatterPage.problem,
        action=rx.button(rx.cond(is_closed, "Reopen", "Close"), type="submit"),
    )


def _hold(words: str) -> rx.Component:
    return rx.button(
        rx.icon("pause", size=15, aria_hidden="true"),
        words,
        size="2",
        variant="surface",
        color_scheme="gray",
        on_click=MatterPage.ask_hold(True),
    )


def _end_hold() -> rx.Component:
    return confirm(
        rx.button("End the hold", size="2"),
        title="End the hold now?",
        consequence="The next billing run bills the matter, with what the hold kept back.",
        action="End the hold",
        on_confirm=MatterPage.end_hold,
    )


def _dialog() -> rx.Component:
    return note_dialog(
        is_open=MatterPage.is_holding,
        on_open_change=MatterPage.ask_hold,
        on_submit=MatterPage.hold,
        title=f"Hold matter {MatterPage.item.number}",
        text="Nothing of it is billed before the day; billing is told when it has come.",
        fields=(text_field("Until", "until", type="date", required=True), note_field("Why?", is_required=True)),
        problem=MatterPage.problem,
        action=rx.button("Hold the matter", type="submit"),
    )


def _hindrances() -> rx.Component:
    rows = rx.el.ul(rx.foreach(MatterPage.hindrances, _hindrance), class_name="panel-list")
    return rx.cond(MatterPage.hindrances.length() > 0, part("Not billed today, and why", rows))


def _hindrance(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    words = rx.el.span(
        rx.el.span(row.reason, class_name="row-title"),
        rx.el.span(row.sentence, class_name="row-hint"),
        class_name="row-words",
    )
    end = rx.el.span(money(row.amount), rx.el.span(row.lines, class_name="row-hint"), class_name="row-end")
    return rx.el.li(words, end, class_name="panel-row")


def _held() -> rx.Component:
    rows = rx.el.ul(rx.foreach(MatterPage.held, _held_row), class_name="panel-list")
    return rx.cond(MatterPage.held.length() > 0, part("Held by a reviewer", rows))


def _held_row(row: Any) -> rx.Component:  # noqa: ANN401
    words = rx.el.span(
        rx.el.span(row.words, class_name="row-title tabular-nums"),
        rx.el.span(row.detail, class_name="row-hint"),
        class_name="row-words",
    )
    end = rx.button(
        "End the hold",
        size="1",
        variant="surface",
        on_click=MatterPage.end_entry_hold(row.key),
        aria_label=f"End the hold of {row.words}",
    )
    return rx.el.li(words, money(row.amount), rx.cond(MatterPage.can_edit, end), key=row.key, class_name="panel-row")


def _bills(title: str, rows: Any, status: Any) -> rx.Component:  # noqa: ANN401 -- a Var, a function of a row
    def bill(row: Any) -> rx.Component:  # noqa: ANN401
        words = rx.el.span(
            link(row.name, href=row.href, class_name="row-title text-link"),
            rx.el.span(row.made, class_name="row-hint"),
            class_name="row-words",
        )
        return rx.el.li(words, status(row), money(row.amount), class_name="panel-row compact")

    none = rx.el.p("None yet.", class_name="panel-nothing")
    listed = rx.el.ul(rx.foreach(rows, bill), class_name="panel-list")
    return part(title, rx.cond(rows.length() > 0, listed, none))
