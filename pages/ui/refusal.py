"""A refused step in the page: the reason, and the words that were typed for it, so that nothing is lost."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout


def refusal(state: Any) -> rx.Component:  # noqa: ANN401 -- a state class with ActingState mixed in
    """Return what the last refused step left; nothing after a successful one."""
    kept = rx.el.p(rx.el.span("You typed: ", class_name="muted"), state.kept_text, class_name="kept-text")
    return rx.fragment(error_callout(state.problem), rx.cond(state.kept_text != "", kept))
