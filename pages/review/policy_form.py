"""Reminders and limits of the review, and the firm's closing days, in forms."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.fields import text_field
from pages.ui.result import result_bar
from state.review.policy_desk import PolicyDesk


def policy_form() -> rx.Component:
    """Return both sections."""
    return rx.fragment(
        result_bar(PolicyDesk.done, on_dismiss=PolicyDesk.dismiss),
        rx.el.section(
            rx.el.h2("Reminders and limits", class_name="panel-title"),
            rx.el.p("Days are business days: no weekends, no holidays, no day on which the firm is closed.",
                    class_name="muted"),
            _form(),
            class_name="desk-section",
        ),
        rx.el.section(
            rx.el.h2("Closing days of the firm", class_name="panel-title"),
            rx.el.ul(rx.foreach(PolicyDesk.closing, _closing), class_name="desk-list"),
            _closing_form(),
            class_name="desk-section",
        ),
    )  # fmt: skip


def _form() -> rx.Component:
    policy = PolicyDesk.policy

    def number(label: str, name: str, value: rx.Var[str]) -> rx.Component:
        return text_field(label, name, default_value=value, input_mode="numeric", required=True)

    return rx.el.form(
        rx.el.div(
            number("Urgent after, in days", "urgent_after_days", policy.urgent_after_days),
            number("First reminder after, in days", "remind_after_days", policy.remind_after_days),
            number("Then every, in days", "remind_every_days", policy.remind_every_days),
            number("Tell the team's lead after, in days", "escalate_after_days", policy.escalate_after_days),
            number("Remind from, hour of the day", "remind_from_hour", policy.remind_from_hour),
            number("Keep quiet from, hour of the day", "remind_until_hour", policy.remind_until_hour),
            text_field(
                "Approve at once at most, in dollars", "most", default_value=policy.most, input_mode="decimal",
                required=True,
            ),
            class_name="policy-fields",
        ),
        _tick("is_reminding", "Remind whom proformas wait for", policy.is_reminding),
        _tick("can_forward_authority", "Let attorneys hand their approval on when they forward a proforma",
              policy.can_forward_authority),
        error_callout(PolicyDesk.problem),
        rx.el.div(rx.button("Save", type="submit"), class_name="form-buttons"),
        on_submit=PolicyDesk.save,
        key=PolicyDesk.form_round.to_string(),
        class_name="policy-form",
    )  # fmt: skip


def _tick(name: str, words: str, is_on: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, default_checked=is_on), rx.el.span(words), class_name="check-line"
    )


def _closing(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    remove = rx.button(
        "Open again", variant="outline", color_scheme="gray", on_click=PolicyDesk.open_firm(row.on),
        custom_attrs={"aria-label": f"Open again on {row.when}"},
    )  # fmt: skip
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.when, class_name="row-title"),
            rx.el.span(row.name, class_name="row-hint"),
            class_name="row-words",
        ),
        rx.el.div(remove, class_name="desk-buttons"),
        key=row.on,
        class_name="desk-row",
    )


def _closing_form() -> rx.Component:
    return rx.fragment(
        error_callout(PolicyDesk.closing_problem),
        rx.el.form(
            text_field("Day", "on", type="date", required=True),
            text_field("Why is the firm closed?", "name", required=True, max_length=80),
            rx.button("Close the firm on this day", type="submit", variant="outline", color_scheme="gray"),
            on_submit=PolicyDesk.close_firm,
            # Drawn anew once the day stands in the list; until then what was typed stays.
            key=PolicyDesk.closing.length().to_string(),
            class_name="desk-form",
        ),
    )
