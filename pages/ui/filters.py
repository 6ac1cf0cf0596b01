"""Filters as links, so that what a list shows stands in its address."""

from dataclasses import dataclass

import reflex as rx

from pages.ui.link import link


@dataclass(frozen=True)
class Filter:
    """One choice: its words, its address, the value that marks it as chosen, and perhaps a count."""

    label: str
    href: str
    value: str
    count: rx.Var[str] | str = ""


def filters(label: str, chosen: rx.Var[str], *choices: Filter) -> rx.Component:
    """Return the choices in a row; the chosen one is marked for eyes and ears."""
    return rx.el.nav(*(_choice(chosen, choice) for choice in choices), aria_label=label, class_name="filters")


def _choice(chosen: rx.Var[str], choice: Filter) -> rx.Component:
    return link(
        choice.label,
        rx.cond(choice.count != "", rx.el.span(choice.count, class_name="filter-count")),
        href=choice.href,
        class_name="filter",
        custom_attrs={"aria-current": rx.cond(chosen == choice.value, "true", "false")},
    )
