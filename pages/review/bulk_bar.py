"""What can be done to the lines that are ticked: a bar that is there while any is."""

import reflex as rx

from pages.ui.keys import pressed_by
from state.review.edit_dialog import EditDialog
from state.review.line_selection import LineSelection
from state.review.proforma import ProformaPage

_FOR_ATTORNEY = (
    ("write_down", "Write down…", "minus"),
    ("discount", "Discount…", "percent"),
    ("write_off", "Write off…", "ban"),
    ("hold", "Hold…", "pause"),
    ("transfer", "Transfer…", "arrow-right-left"),
    ("combine", "Combine expenses…", "combine"),
)


def bulk_bar() -> rx.Component:
    """Return the bar."""
    clear = rx.el.button(
        rx.icon("x", size=16, aria_hidden="true"),
        type="button",
        aria_label="Take every tick away",
        on_click=LineSelection.clear,
        class_name="icon-button",
    )
    bar = rx.el.div(
        rx.el.span(LineSelection.words, class_name="bulk-words"),
        _verb("codes", "Set codes…", "tag"),
        rx.cond(ProformaPage.may_edit, rx.fragment(*(_verb(*verb) for verb in _FOR_ATTORNEY))),
        clear,
        role="region",
        aria_label="Chosen lines",
        custom_attrs=pressed_by("b"),
        class_name="chosen-bar",
    )
    return rx.cond((LineSelection.chosen.length() > 0) & ProformaPage.may_edit_codes, bar)


def _verb(kind: str, label: str, icon: str) -> rx.Component:
    return rx.button(
        rx.icon(icon, size=14, aria_hidden="true"),
        label,
        type="button",
        size="1",
        variant="surface",
        color_scheme="gray",
        on_click=EditDialog.ask_many(kind, ProformaPage.head.version),
    )
