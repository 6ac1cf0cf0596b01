"""Errors and notices in the page itself; a toast alone is not announced reliably."""

import reflex as rx


def error_callout(message: rx.Var[str] | str) -> rx.Component:
    """Return the error's own sentence; nothing while the message is ''."""
    box = rx.el.div(
        rx.icon("circle-alert", size=18, aria_hidden="true"), rx.el.p(message), role="alert", class_name="callout red"
    )
    return rx.cond(message != "", box)


def notice(message: rx.Var[str] | str, *actions: rx.Component, tone: str = "amber", icon: str = "info") -> rx.Component:
    """Return something worth knowing, with what can be done about it; tones as of badges."""
    return rx.el.div(
        rx.icon(icon, size=18, aria_hidden="true"), rx.el.p(message), *actions, class_name=f"callout {tone}"
    )
