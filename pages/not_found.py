"""The page for addresses that lead nowhere."""

import reflex as rx

from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.page_header import page_header
from pages.ui.shell import shell


def not_found() -> rx.Component:
    """Return the page."""
    return shell(
        page_header("There is no such page"),
        empty_state(
            "Nothing is kept at this address",
            "The address may be mistyped or the record gone. Nothing was changed.",
            link("Go to the first page", href="/", class_name="text-link"),
            icon="map-pin-off",
        ),
        current="",
    )
