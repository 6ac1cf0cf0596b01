"""One figure with its name; a link to its rows."""

import reflex as rx

from pages.ui.link import link


def stat(label: str, value: rx.Var | str, *, href: rx.Var | str = "", hint: rx.Var | str = "") -> rx.Component:
    """Return the figure; with `href` the whole of it leads to the rows it counts."""
    inside = (
        rx.el.span(label, class_name="stat-label"),
        rx.el.span(value, class_name="stat-value"),
        rx.el.span(hint, class_name="stat-hint"),
    )
    if isinstance(href, str) and not href:
        return rx.el.div(*inside, class_name="stat")
    return link(*inside, href=href, class_name="stat")


def stats(*figures: rx.Component) -> rx.Component:
    """Return figures side by side, two a row on a phone."""
    return rx.el.div(*figures, class_name="stats")
