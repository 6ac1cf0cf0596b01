"""Differences in words, and what a rule would have done; drawn in several places of a carrier's rules."""

from typing import Any

import reflex as rx


def change_list(changes: Any) -> rx.Component:  # noqa: ANN401 -- the Var of a list of changes
    """Return differences in words."""
    return rx.el.ul(
        rx.foreach(
            changes,
            lambda one: rx.el.li(
                rx.el.span(one.kind, class_name="badge"),
                rx.el.div(
                    rx.el.p(one.title, class_name="card-title"),
                    rx.foreach(one.sentences, lambda said: rx.el.p(said, class_name="change-words")),
                ),
            ),
        ),
        class_name="change-list",
    )


def did(card: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return what a rule would have done, and how that compares with today."""
    return rx.el.p(
        card.did,
        rx.cond(card.allowed != "", rx.el.span(card.allowed, class_name="muted")),
        rx.cond(card.comparison != "", rx.el.strong(card.comparison, class_name="rule-compared")),
        class_name=rx.cond(card.is_idle, "rule-did muted", "rule-did"),
    )
