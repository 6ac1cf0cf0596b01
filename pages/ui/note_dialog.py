"""A question with a reason: a form in a dialog that keeps what was typed until it is accepted."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout


def note_dialog(
    *,
    is_open: rx.Var[bool],
    on_open_change: Any,  # noqa: ANN401 -- an event handler
    on_submit: Any,  # noqa: ANN401 -- an event handler
    title: str | rx.Var,
    text: str | rx.Var,
    fields: tuple[rx.Component, ...],
    problem: rx.Var[str],
    action: rx.Component,
) -> rx.Component:
    """Return the dialog; `action` is its submit button, `problem` what was refused last."""
    cancel = rx.dialog.close(rx.button("Cancel", variant="soft", color_scheme="gray", type="button"))
    form = rx.el.form(
        *fields,
        error_callout(problem),
        rx.el.div(cancel, action, class_name="dialog-buttons"),
        on_submit=on_submit,
        class_name="dialog-form",
    )
    return rx.dialog.root(
        rx.dialog.content(rx.dialog.title(title), rx.dialog.description(text), form, max_width="520px"),
        open=is_open,
        on_open_change=on_open_change,
    )


def note_field(label: str | rx.Var, *, is_required: bool | rx.Var = False) -> rx.Component:
    """Return the field of the reason, named 'note'."""
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.textarea(name="note", rows="3", max_length=1000, required=is_required, class_name="field"),
        class_name="field-block",
    )
