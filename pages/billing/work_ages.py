"""Work in progress by age: one figure for each bucket."""

from typing import Any

import reflex as rx


def work_ages(ages: Any) -> rx.Component:  # noqa: ANN401 -- the Var of a list of ages
    """Return the figures side by side, two a row on a phone."""
    return rx.el.ul(rx.foreach(ages, _age), aria_label="Work in progress by age", class_name="stats ages work-ages")


def _age(age: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        rx.el.span(age.label, class_name="stat-label"),
        rx.el.span(age.amount, class_name="age-amount"),
        rx.el.span(age.count, class_name="stat-hint"),
        class_name="stat",
    )
