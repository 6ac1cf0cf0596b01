"""Keys that a page offers, shown as a hint; assets/review.js presses what carries them."""

import reflex as rx


def key_hint(*keys: tuple[str, str]) -> rx.Component:
    """Return the hint: `key_hint(("j k", "move"), ("a", "approve"))`; hidden where there is no keyboard."""
    return rx.el.p(*(_key(key, word) for key, word in keys), aria_label="Keys", class_name="key-hint")


def _key(keys: str, word: str) -> rx.Component:
    return rx.el.span(*(rx.el.kbd(key) for key in keys.split()), word)


def pressed_by(key: str | rx.Var) -> dict[str, str | rx.Var]:
    """Return the attributes of an element that a key clicks while its row is the current one."""
    return {"data-key": key, "aria-keyshortcuts": key}
