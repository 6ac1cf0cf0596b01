"""What stands where nothing is: why, and what to do next."""

import reflex as rx


def empty_state(title: str | rx.Var, hint: str | rx.Var, *actions: rx.Component, icon: str = "inbox") -> rx.Component:
    """Return the notice with its actions."""
    return rx.el.div(
        rx.el.div(rx.icon(icon, size=22, aria_hidden="true"), class_name="empty-icon"),
        rx.el.p(title, class_name="empty-title"),
        rx.el.p(hint, class_name="empty-hint"),
        rx.el.div(*actions, class_name="empty-actions") if actions else rx.fragment(),
        class_name="empty",
    )
