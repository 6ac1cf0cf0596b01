"""Fields of forms: a label above, the browser keeps what is typed until the step has succeeded."""

from typing import Any

import reflex as rx


def text_field(label: str | rx.Var, name: str | rx.Var, **props: Any) -> rx.Component:  # noqa: ANN401
    """Return a one-line field; props as of `rx.el.input`."""
    kind = props.get("type")
    # A day has nothing to complete; saying so is a fault by axe.
    off = {} if isinstance(kind, str) and kind == "date" else {"auto_complete": "off"}
    return _block(label, rx.el.input(name=name, class_name="field", **(off | props)))


def long_field(label: str | rx.Var, name: str, rows: str = "3", **props: Any) -> rx.Component:  # noqa: ANN401
    """Return a field of several lines; props as of `rx.el.textarea`."""
    return _block(label, rx.el.textarea(name=name, rows=rows, class_name="field", **props))


def _block(label: str | rx.Var, field: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, class_name="field-block")
