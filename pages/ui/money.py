"""Amounts: right-aligned, digits of one width."""

import reflex as rx


def money(amount: rx.Var[str] | str) -> rx.Component:
    """Return an amount that the state gives as text, as in '$1,250.00'."""
    return rx.el.span(amount, class_name="money")
