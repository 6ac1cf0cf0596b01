"""What a carrier's handlers allowed, below its rules: listed, recorded, ended."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.fields import text_field
from pages.ui.note_dialog import note_dialog, note_field
from state.rules.guideline_permissions import GuidelinePermissions


def permissions() -> rx.Component:
    """Return the section with its two dialogs."""
    add = rx.button(
        rx.icon("badge-check", size=15, aria_hidden="true"),
        "Record a permission…",
        size="1",
        variant="surface",
        color_scheme="gray",
        on_click=GuidelinePermissions.ask(True),
    )
    head = rx.el.div(rx.el.h2("What the carrier allowed", class_name="section-title"), add, class_name="section-head")
    rows = rx.el.ul(rx.foreach(GuidelinePermissions.rows, _row), class_name="permission-list")
    nothing = rx.el.p("Nothing is on record. A permission is also recorded beside a finding.", class_name="muted")
    return rx.el.section(
        head,
        error_callout(GuidelinePermissions.failure),
        rx.cond(GuidelinePermissions.rows.length() > 0, rows, nothing),
        _grant_dialog(),
        _end_dialog(),
        aria_label="What the carrier allowed",
        class_name="permissions",
    )


def _row(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    end = rx.el.button(
        "End it…",
        type="button",
        aria_label=f"End it: the permission for {row.rule}, {row.whom}",
        on_click=GuidelinePermissions.ask_end(row.id),
        class_name="text-button",
    )
    words = rx.el.div(
        rx.el.p(rx.el.span(row.rule, class_name="tag"), " ", row.whom, " ", row.days, " ", row.limit),
        rx.el.p(
            row.handler,
            rx.cond(row.reference != "", f" · {row.reference}", ""),
            f" · recorded by {row.by}",
            class_name="muted",
        ),
        class_name="min-w-0",
    )
    return rx.el.li(
        words,
        rx.cond(row.ended != "", rx.el.span(row.ended, class_name="badge"), end),
        class_name=rx.cond(row.ended != "", "quiet", ""),
    )


def _grant_dialog() -> rx.Component:
    rule = rx.el.label(
        rx.el.span("In spite of which rule", class_name="field-label"),
        rx.el.select(
            rx.foreach(GuidelinePermissions.rules, lambda one: rx.el.option(one.words, value=one.value)),
            name="rule",
            class_name="field",
        ),
        class_name="field-block",
    )
    newest = GuidelinePermissions.today
    return note_dialog(
        is_open=GuidelinePermissions.is_granting,
        on_open_change=GuidelinePermissions.ask,
        on_submit=GuidelinePermissions.grant,
        title="What did the carrier allow?",
        text="Billing records it for any matter, an attorney for one of their own. Lines quote it when checked again.",
        fields=(
            rule,
            rx.el.div(
                text_field("Who allowed it", "handler", max_length=120, required=True),
                _day("On", "granted_on", default_value=newest, max=newest, required=True),
                class_name="field-row",
            ),
            rx.el.div(
                text_field("Matter number (empty = all)", "matter", max_length=20),
                text_field("Timekeeper code (empty = all)", "timekeeper", max_length=20),
                class_name="field-row",
            ),
            rx.el.div(
                _day("For work from", "work_from"),
                _day("For work until", "work_to"),
                text_field("Up to (empty = any)", "limit", input_mode="decimal", max_length=20),
                class_name="field-row",
            ),
            text_field("Where it is written", "reference", max_length=255, placeholder="e-mail of 3 October"),
            note_field("Note (optional)"),
        ),
        problem=GuidelinePermissions.problem,
        action=rx.button("Record it", type="submit"),
    )


def _day(label: str, name: str, **props: Any) -> rx.Component:  # noqa: ANN401 -- of `rx.el.input`
    field = rx.el.input(name=name, type="date", class_name="field", **props)
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, class_name="field-block")


def _end_dialog() -> rx.Component:
    return note_dialog(
        is_open=GuidelinePermissions.ending != "",
        on_open_change=GuidelinePermissions.close_end,
        on_submit=GuidelinePermissions.end,
        title="End the permission",
        text=GuidelinePermissions.ending_about,
        fields=(note_field("Why (optional)"),),
        problem=GuidelinePermissions.ending_problem,
        action=rx.button("End it", type="submit"),
    )
