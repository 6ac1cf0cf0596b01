"""Keys that a page offers, shown as a hint and in an overlay; assets/review.js presses what carries them.

Who speaks to the computer, or hits keys by mistake, turns the keys of one letter off; assets/keys.js remembers it.
"""

import reflex as rx


def key_hint(*keys: tuple[str, str]) -> rx.Component:
    """Return the hint: `key_hint(("j k", "move"), ("a", "approve"))`; hidden where there is no keyboard."""
    return rx.el.p(*(_key(key, word) for key, word in keys), aria_label="Keys", class_name="key-hint")


def keys_button() -> rx.Component:
    """Return the button that opens the overlay, as the key ? does; hidden where there is no keyboard."""
    return rx.el.button(
        rx.el.kbd("?"),
        "all keys",
        type="button",
        custom_attrs={"data-opens": "keys", "aria-keyshortcuts": "?"},
        class_name="keys-button",
    )


def keys_overlay(*groups: tuple[str, tuple[tuple[str, str], ...]]) -> rx.Component:
    """Return the list of all keys by group; closed until asked for by ? or its button, closed again by Esc."""
    close = rx.el.button(
        rx.icon("x", size=18, aria_hidden="true"),
        type="button",
        aria_label="Close",
        custom_attrs={"data-closes": "keys"},
        class_name="icon-button",
    )
    head = rx.el.div(rx.el.h2("Keys", class_name="panel-title"), close, class_name="keys-head")
    parts = [_group(title, keys) for title, keys in groups]
    switch = rx.el.div(letter_keys("text-button"), class_name="keys-switch")
    box = rx.el.div(head, rx.el.div(*parts, class_name="keys-groups"), switch, class_name="keys-box")
    return rx.el.dialog(box, id="keys", aria_label="Keys", class_name="keys")


def letter_keys(class_name: str) -> rx.Component:
    """Return the switch of keys that are one letter; it holds for this browser, and Ctrl-K, Enter and Esc stay."""
    icons = ("keyboard-off", "off", "Turn letter keys off"), ("keyboard", "on", "Turn letter keys on")
    buttons = (
        rx.el.button(
            rx.icon(icon, size=16, aria_hidden="true"),
            words,
            type="button",
            custom_attrs={"data-letters": turns},
            class_name=f"{class_name} letters-{turns}",
        )
        for icon, turns, words in icons
    )
    return rx.fragment(*buttons)


def pressed_by(key: str | rx.Var) -> dict[str, str | rx.Var]:
    """Return the attributes of an element that a key, or one of several, clicks while its row is the current one."""
    shown = f"Shift+{key}" if isinstance(key, str) and key.isupper() else key
    return {"data-key": key, "aria-keyshortcuts": shown}


def _key(keys: str, word: str) -> rx.Component:
    return rx.el.span(*(rx.el.kbd(key) for key in keys.split()), word)


def _group(title: str, keys: tuple[tuple[str, str], ...]) -> rx.Component:
    rows = [
        rx.el.div(rx.el.dt(*(rx.el.kbd(key) for key in pressed.split())), rx.el.dd(word), class_name="keys-row")
        for pressed, word in keys
    ]
    return rx.el.section(rx.el.h3(title, class_name="keys-title"), rx.el.dl(*rows, class_name="keys-list"))
