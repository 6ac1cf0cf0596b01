"""Absences and delegations in lists with their forms; one's own page and the administrator's show the same."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.confirm import confirm
from pages.ui.fields import text_field
from pages.ui.note_dialog import note_dialog
from state.review.standing_in import StandingIn


def absences(title: str, nothing: str) -> rx.Component:
    """Return the absences with a button for a new one."""
    new = rx.button(rx.icon("plus", size=15, aria_hidden="true"), "New absence", on_click=StandingIn.ask_absence(""))
    rows = rx.el.ul(rx.foreach(StandingIn.absences, _absence), class_name="desk-list")
    empty = rx.el.p(nothing, class_name="muted")
    return rx.el.section(
        rx.el.div(rx.el.h2(title, class_name="panel-title"), new, class_name="desk-head"),
        rx.cond(StandingIn.is_setting | StandingIn.is_granting, rx.fragment(), error_callout(StandingIn.problem)),
        rx.cond(StandingIn.absences.length() > 0, rows, empty),
        _absence_dialog(),
        class_name="desk-section",
    )


def delegations(title: str, nothing: str) -> rx.Component:
    """Return the delegations; who is an attorney may give one."""
    new = rx.button(
        rx.icon("plus", size=15, aria_hidden="true"), "Let somebody act for me", on_click=StandingIn.ask_grant(True)
    )
    rows = rx.el.ul(rx.foreach(StandingIn.delegations, _delegation), class_name="desk-list")
    empty = rx.el.p(nothing, class_name="muted")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, class_name="panel-title"), rx.cond(StandingIn.is_attorney, new), class_name="desk-head"
        ),
        rx.cond(StandingIn.delegations.length() > 0, rows, empty),
        _grant_dialog(),
        class_name="desk-section",
    )


def attorney_choice(name: str, label: str, people: rx.Var, chosen: rx.Var[str] | str = "") -> rx.Component:
    """Return a list of people to choose one from, in a form."""
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.select(
            rx.el.option("Choose", value=""),
            rx.foreach(people, lambda one: rx.el.option(one[1], value=one[0])),
            name=name,
            default_value=chosen,
            required=True,
            class_name="choice field",
        ),
        class_name="field-block",
    )


def _absence(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    now = rx.cond(row.is_now, rx.el.span("Now", class_name="badge badge-amber"))
    own = rx.cond(row.is_own | StandingIn.is_everybodys, _absence_buttons(row))
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.who, " is away ", row.when, class_name="row-title"),
            rx.el.span(
                row.substitute, " stands in", rx.cond(row.note != "", " · " + row.note, ""), class_name="row-hint"
            ),
            class_name="row-words",
        ),
        now,
        own,
        key=row.id,
        class_name="desk-row",
    )


def _absence_buttons(row: Any) -> rx.Component:  # noqa: ANN401
    change = rx.button("Change", variant="outline", color_scheme="gray", on_click=StandingIn.ask_absence(row.id))
    end = confirm(
        rx.button("End", variant="outline", color_scheme="gray"),
        title="End this absence?",
        consequence="Its attorney is back at once, and the substitute does not act any more.",
        action="End the absence",
        on_confirm=StandingIn.end_absence(row.id, row.version),
    )
    return rx.el.div(change, end, class_name="desk-buttons")


def _absence_dialog() -> rx.Component:
    editing = StandingIn.editing
    who = rx.cond(
        StandingIn.is_everybodys & (editing.id == ""), attorney_choice("user", "Who is away?", StandingIn.attorneys)
    )
    days = rx.el.div(
        text_field("First day", "from_on", type="date", default_value=editing.from_on, required=True),
        text_field("Last day", "until_on", type="date", default_value=editing.until_on, required=True),
        class_name="field-row",
    )
    return note_dialog(
        is_open=StandingIn.is_setting,
        on_open_change=StandingIn.close_absence,
        on_submit=StandingIn.save_absence,
        title=rx.cond(editing.id == "", "New absence", f"Absence of {editing.who}"),
        text="From the first to the last day the substitute sees, corrects and approves in the attorney's place.",
        fields=(
            who,
            days,
            attorney_choice("substitute", "Who stands in?", StandingIn.attorneys, editing.substitute_id),
            text_field("Note (optional)", "note", default_value=editing.note, max_length=500),
        ),
        problem=StandingIn.problem,
        action=rx.button("Save", type="submit"),
    )


def _delegation(row: Any) -> rx.Component:  # noqa: ANN401
    revoke = confirm(
        rx.button("Revoke", variant="outline", color_scheme="gray"),
        title="Revoke this?",
        consequence="It ends at once. What was done under it stays as it is.",
        action="Revoke",
        on_confirm=StandingIn.revoke(row.id, row.version),
    )
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.delegate, " acts for ", row.principal, class_name="row-title"),
            rx.el.span(row.what, rx.cond(row.note != "", " · " + row.note, ""), class_name="row-hint"),
            class_name="row-words",
        ),
        rx.el.div(revoke, class_name="desk-buttons"),
        key=row.id,
        class_name="desk-row",
    )


def _grant_dialog() -> rx.Component:
    return note_dialog(
        is_open=StandingIn.is_granting,
        on_open_change=StandingIn.ask_grant,
        on_submit=StandingIn.grant,
        title="Let somebody act for you",
        text="While you are there, too. Whatever is done so is shown as done for you.",
        fields=(
            attorney_choice("delegate", "Who?", StandingIn.attorneys),
            text_field("Matter number, or nothing for all of yours", "matter", max_length=20),
            text_field("Last day (optional)", "until_on", type="date", min=StandingIn.today),
            rx.el.label(
                rx.el.input(type="checkbox", name="can_approve", default_checked=True),
                rx.el.span("May approve and return, not only prepare"),
                class_name="check-line",
            ),
            text_field("Note (optional)", "note", max_length=500),
        ),
        problem=StandingIn.problem,
        action=rx.button("Save", type="submit"),
    )
