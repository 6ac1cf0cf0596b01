"""Asking once more before what cannot be undone."""

from typing import Any

import reflex as rx


def confirm(
    trigger: rx.Component,
    *,
    title: str | rx.Var,
    consequence: str | rx.Var,
    action: str,
    on_confirm: Any,  # noqa: ANN401 -- an event handler or spec
    is_destructive: bool = False,
) -> rx.Component:
    """Return `trigger` so that it opens a dialog; `action` names what confirming does, as in 'Void invoice'."""
    buttons = rx.el.div(
        rx.alert_dialog.cancel(rx.button("Keep as it is", variant="soft", color_scheme="gray")),
        rx.alert_dialog.action(
            rx.button(action, on_click=on_confirm, color_scheme="red" if is_destructive else "iris")
        ),
        class_name="dialog-buttons",
    )
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(trigger),
        rx.alert_dialog.content(
            rx.alert_dialog.title(title), rx.alert_dialog.description(consequence), buttons, max_width="460px"
        ),
    )
