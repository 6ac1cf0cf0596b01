"""The keys of a proforma's page: the hint above its lines, and all of them behind ?."""

import reflex as rx

from pages.ui.keys import key_hint, keys_button, keys_overlay

_KEYS = (
    ("Lines", (("j k", "next and previous"), ("e Enter", "open"), ("x", "tick"), ("b", "to what is done to the ticked"),
               ("Esc", "leave the field, close the line"))),
    ("The bill", (("a", "approve, or send to review"), ("r", "return to billing"), ("m", "forward and more"),
                  ("u", "reopen"), ("z", "undo the last step"))),
    ("In a form", (("Ctrl+Enter", "save, or send"), ("Esc", "close, nothing is done"))),
    ("Anywhere", (("Ctrl+K", "search everything"), ("g t", "Today"), ("g r", "Review"), ("?", "these keys"))),
)  # fmt: skip


def proforma_hint() -> rx.Component:
    """Return the hint with the button that shows all keys."""
    hint = key_hint(("j k", "move"), ("e", "open line"), ("x", "tick"), ("a", "approve"), ("r", "return"))
    return rx.el.div(hint, keys_button(), class_name="queue-keys")


def proforma_keys() -> rx.Component:
    """Return the list of all keys; once a page."""
    return keys_overlay(*_KEYS)
