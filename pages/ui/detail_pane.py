"""A record beside its list: next to it on a wide screen, over it on a narrow one, at an address of its own."""

import reflex as rx

from pages.ui.link import link


def with_detail(records: rx.Component, pane: rx.Component, *, is_open: rx.Var[bool]) -> rx.Component:
    """Return the list, and the pane beside it while a record is open."""
    return rx.el.div(
        rx.el.div(records, class_name="split-list"),
        rx.cond(is_open, pane),
        class_name=rx.cond(is_open, "split split-open", "split"),
    )


def detail_pane(
    title: rx.Var[str] | str,
    subtitle: rx.Var[str] | str,
    *content: rx.Component,
    close_href: str,
    label: str,
    is_loading: rx.Var[bool],
) -> rx.Component:
    """Return the open record; `close_href` leads back to the list alone."""
    close = link(
        rx.icon("x", size=18, aria_hidden="true"), href=close_href, aria_label="Close", class_name="icon-button"
    )
    head = rx.el.div(
        rx.el.div(
            rx.el.h2(title, tab_index=-1, class_name="pane-title"),
            rx.el.p(subtitle, class_name="pane-subtitle"),
            class_name="min-w-0",
        ),
        close,
        class_name="side-head",
    )
    body = rx.cond(is_loading, _skeleton(), rx.el.div(*content, class_name="pane-body"))
    return rx.el.section(head, body, aria_label=label, class_name="pane")


def part(title: str, *content: rx.Component) -> rx.Component:
    """Return one part of a pane under its heading."""
    return rx.el.section(rx.el.h3(title, class_name="pane-heading"), *content, class_name="pane-part")


def fact(name: str, value: rx.Var | rx.Component | str) -> rx.Component:
    """Return one named value of a list of facts."""
    return rx.el.div(rx.el.dt(name), rx.el.dd(value), class_name="figure")


def facts(*pairs: rx.Component) -> rx.Component:
    """Return named values side by side."""
    return rx.el.dl(*pairs, class_name="figures")


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, class_name="skeleton-row") for _ in range(6)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
    )
