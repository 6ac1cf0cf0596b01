"""The head of a panel that opens beside a list: what is open, and the way back to the list."""

from typing import Any

import reflex as rx


def side_head(title: Any, hint: Any, *, close_label: str, on_close: Any) -> rx.Component:  # noqa: ANN401 -- texts or vars, an event
    """Return the head; Escape and the button close the panel, and whoever opened it is led to the title."""
    close = rx.el.button(
        rx.icon("x", size=18, aria_hidden="true"),
        type="button",
        aria_label=close_label,
        on_click=on_close,
        class_name="icon-button",
        custom_attrs={"data-key": "Escape"},
    )
    heading = rx.el.div(
        rx.el.h2(title, tab_index=-1, class_name="panel-title"),
        rx.el.p(hint, class_name="row-hint"),
    )
    return rx.el.div(heading, close, class_name="side-head")
