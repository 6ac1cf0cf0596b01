"""What the last step did, said in the page, with the way back."""

from typing import Any

import reflex as rx


def result_bar(
    message: rx.Var[str],
    *actions: rx.Component,
    on_dismiss: Any,  # noqa: ANN401 -- an event handler
) -> rx.Component:
    """Return the bar; it is always there for screen readers and seen while the message is not ''."""
    dismiss = rx.el.button(
        rx.icon("x", size=16, aria_hidden="true"),
        type="button",
        aria_label="Put this message away",
        on_click=on_dismiss,
        class_name="icon-button",
    )
    shown = rx.el.div(
        rx.icon("circle-check", size=18, aria_hidden="true"), rx.el.p(message), *actions, dismiss, class_name="result"
    )
    return rx.el.div(rx.cond(message != "", shown), role="status", aria_live="polite")
