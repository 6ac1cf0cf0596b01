"""Saved reports beside the open one: saving, sharing, removing, and getting them by mail."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.confirm import confirm
from pages.ui.fields import text_field
from pages.ui.link import link
from pages.ui.note_dialog import note_dialog
from state.reporting.reports import Reports
from state.reporting.saved import SavedReports


def saved_panel() -> rx.Component:
    """Return the list of saved reports; the open one is marked and has its steps."""
    return _panel("Saved reports", SavedReports.rows, _saved, "Save a report with its filters, and find it here.")


def schedules_panel() -> rx.Component:
    """Return what comes by mail, with its last mails."""
    nothing = "Open a saved report and choose how often it comes."
    return _panel("In your mailbox", SavedReports.schedules, _schedule, nothing)


def _panel(title: str, rows: Any, row: Callable[[Any], rx.Component], nothing: str) -> rx.Component:  # noqa: ANN401
    listed = rx.el.ul(rx.foreach(rows, row), class_name="panel-list")
    return rx.el.section(
        rx.el.div(rx.el.h2(title, class_name="panel-title"), class_name="panel-head"),
        rx.cond(rows.length() > 0, listed, rx.el.p(nothing, class_name="panel-nothing")),
        aria_label=title,
        class_name="panel",
    )


def open_bar() -> rx.Component:
    """Return what can be done with the saved report that is open; nothing while none is."""
    return rx.foreach(SavedReports.rows, lambda row: rx.cond(row.id == Reports.saved_id, _bar(row)))


def name_dialog() -> rx.Component:
    """Return the question for a name; once a page."""
    is_saving = SavedReports.asking == "save"
    share = rx.el.label(
        rx.el.input(type="checkbox", name="shared"),
        "Share with all: everybody finds it, each with their own rights",
        class_name="choice-line",
    )
    return note_dialog(
        is_open=SavedReports.asking != "",
        on_open_change=SavedReports.close,
        on_submit=SavedReports.answer,
        title=rx.cond(is_saving, "Save this report", "Rename this report"),
        text=rx.cond(is_saving, f"“{Reports.title}”, {Reports.words}", "Mails that bring it carry the new name."),
        fields=(
            text_field("Name", "name", max_length=80, required=True, default_value=SavedReports.typed_name),
            rx.cond(is_saving, share),
        ),
        problem=SavedReports.dialog_problem,
        action=rx.button("Save", type="submit"),
    )


def _bar(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    keep = rx.button("Save these filters", on_click=SavedReports.keep_filters)
    rename = rx.button("Rename", variant="soft", color_scheme="gray", on_click=SavedReports.ask_rename)
    share = rx.cond(
        row.is_shared,
        rx.button("Stop sharing", variant="soft", color_scheme="gray", on_click=SavedReports.share(False)),
        rx.button("Share with all", variant="soft", color_scheme="gray", on_click=SavedReports.share(True)),
    )
    remove = confirm(
        rx.button("Remove", variant="soft", color_scheme="gray"),
        title=f"Remove “{row.name}”?",
        consequence="Nobody finds it any more, and nobody gets it by mail.",
        action="Remove report",
        on_confirm=SavedReports.remove,
        is_destructive=True,
    )
    steps = rx.fragment(rx.cond(Reports.is_changed, keep), rename, share, remove)
    back = link("Back to the saved filters", href=row.href, class_name="text-link")
    return rx.el.section(
        rx.el.div(
            rx.el.p(rx.el.strong(row.name), rx.el.span(f" {row.hint}", class_name="muted")),
            rx.cond(Reports.is_changed, rx.el.p("You see other filters than the saved ones. ", back)),
            class_name="open-words",
        ),
        rx.el.div(_rhythm(), rx.cond(row.is_mine, steps), class_name="open-steps"),
        error_callout(SavedReports.problem),
        aria_label="The saved report",
        class_name="open-bar",
    )


def _rhythm() -> rx.Component:
    mine = rx.foreach(
        SavedReports.schedules,
        lambda one: rx.cond(one.saved_id == Reports.saved_id, _offers(one.cadence)),
    )
    is_sent = SavedReports.sent_ids.contains(Reports.saved_id)
    return rx.cond(is_sent, mine, _offers(""))


def _offers(chosen: rx.Var[str] | str) -> rx.Component:
    return rx.el.select(
        rx.el.option("Send me this: never", value=""),
        rx.el.option("Send me this every week", value="weekly"),
        rx.el.option("Send me this every month", value="monthly"),
        value=chosen,
        on_change=SavedReports.send_me,
        aria_label="How often this report comes to your mailbox",
        class_name="choice",
    )


def _saved(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.span(row.name, class_name="row-title"),
                rx.el.span(row.hint, class_name="row-hint"),
                class_name="row-words",
            ),
            rx.icon("chevron-right", size=16, aria_hidden="true"),
            href=row.href,
            class_name="panel-row",
            custom_attrs={"aria-current": rx.cond(row.id == Reports.saved_id, "true", "false")},
        ),
        key=row.id,
    )


def _schedule(row: Any) -> rx.Component:  # noqa: ANN401
    end = rx.el.button(
        "End",
        type="button",
        on_click=SavedReports.end(row.id),
        aria_label=f"End {row.name} by mail",
        class_name="plain-button",
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                link(row.name, href=row.href, class_name="row-link"),
                rx.el.span(f"{row.cadence_name}, {row.next}", class_name="row-hint"),
                class_name="row-words",
            ),
            end,
            class_name="schedule-head",
        ),
        rx.el.ul(rx.foreach(row.mails, _mail), aria_label=f"Mails of {row.name}", class_name="schedule-mails"),
        class_name="schedule",
        key=row.id,
    )


def _mail(mail: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(f"{mail.slot}: {mail.words}", class_name=rx.cond(mail.is_wrong, "row-hint late", "row-hint"))
