"""What the forms of a carrier's profile are made of."""

from typing import Any

import reflex as rx


def fold(title: str, told: str, *content: rx.Component) -> rx.Component:
    """Return a form of the profile, folded: its title, what it is for, and its content."""
    return rx.el.details(
        rx.el.summary(title, class_name="fold"),
        rx.el.p(told, class_name="muted"),
        *content,
        class_name="profile-card",
        aria_label=title,
    )


def row(title: Any, detail: Any, *buttons: rx.Component) -> rx.Component:  # noqa: ANN401 -- Vars
    """Return one part that is listed, with its buttons."""
    words = rx.el.div(
        rx.el.p(title, class_name="step-label"),
        rx.el.p(rx.el.code(detail), class_name="step-detail"),
        class_name="min-w-0",
    )
    return rx.el.li(words, rx.el.div(*buttons, class_name="version-actions"))


def act(label: str, name: Any, on_click: Any) -> rx.Component:  # noqa: ANN401 -- a Var, an event
    """Return a small button of a row; `name` is what it is called aloud."""
    return rx.el.button(label, type="button", on_click=on_click, aria_label=name, class_name="line-change")


def choice(label: str, name: str, value: Any, *options: Any) -> rx.Component:  # noqa: ANN401 -- Vars
    """Return a labelled choice."""
    return rx.el.label(
        rx.el.span(label, class_name="field-label"),
        rx.el.select(*options, name=name, default_value=value, class_name="choice"),
        class_name="field-block",
    )


def options(choices: list[tuple[str, str]]) -> list[rx.Component]:
    """Return the options of a choice."""
    return [rx.el.option(title, value=value) for value, title in choices]
