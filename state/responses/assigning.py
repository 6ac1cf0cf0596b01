"""Putting values into a page: what is there already is not sent to the browser again."""

from typing import Any


def assign(state: Any, **values: object) -> None:  # noqa: ANN401 -- a state or the proxy of a background event
    """Set those of the state's vars that differ from what they hold."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
