"""The head of a page: its name, one line that says what it is for, and its main actions."""

import reflex as rx


def page_header(title: str | rx.Var, subtitle: str | rx.Var = "", *actions: rx.Component) -> rx.Component:
    """Return the header; the title is the page's only h1."""
    has_subtitle = isinstance(subtitle, rx.Var) or subtitle != ""
    return rx.el.div(
        rx.el.div(
            rx.el.h1(title, class_name="page-title"),
            rx.el.p(subtitle, class_name="page-subtitle") if has_subtitle else rx.fragment(),
            class_name="min-w-0",
        ),
        rx.el.div(*actions, class_name="page-actions") if actions else rx.fragment(),
        class_name="page-header",
    )
