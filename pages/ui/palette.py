"""The command palette: Ctrl/Cmd-K, type, arrows, Enter. Opening and moving is done by assets/keys.js."""

import reflex as rx

from pages.ui.link import link
from pages.ui.may import may
from pages.ui.navigation import NAVIGATION, NavItem
from state.palette import Palette, PaletteRow


def palette_button() -> rx.Component:
    """Return the top bar's search field, in truth a button that opens the palette."""
    return rx.el.button(
        rx.icon("search", size=16, aria_hidden="true"),
        rx.el.span("Matter, invoice or carrier", class_name="search-label"),
        rx.el.kbd(class_name="search-key", aria_hidden="true"),
        type="button",
        aria_label="Matter, invoice or carrier: search, or go to a page",
        custom_attrs={"data-opens": "palette", "aria-keyshortcuts": "Control+K Meta+K"},
        class_name="search-button",
    )


def palette() -> rx.Component:
    """Return the dialog; closed until asked for."""
    field = rx.el.input(
        type="search",
        placeholder="Matter, claim or invoice number, a carrier, or a page…",
        aria_label="Matter, claim or invoice number, a carrier, or a page",
        spell_check=False,
        on_change=Palette.find.debounce(180),
        custom_attrs={"data-palette-field": ""},
        class_name="palette-field",
    )
    found = rx.el.div(
        rx.el.ul(rx.foreach(Palette.rows, _record), aria_label="Records found", class_name="palette-list"),
        rx.el.p("Go to", class_name="palette-heading"),
        rx.el.ul(*(_page(item) for item in NAVIGATION), class_name="palette-list"),
        class_name="palette-results",
    )
    foot = rx.el.p(_announcement(), role="status", class_name="palette-foot")
    box = rx.el.div(field, found, foot, role="search", aria_label="The whole portal", class_name="palette-box")
    return rx.el.dialog(box, id="palette", aria_label="Search or go to a page", class_name="palette")


def _announcement() -> rx.Var[str] | rx.Component:
    found = rx.cond(Palette.rows.length() == 1, "1 record found", f"{Palette.rows.length()} records found")
    return rx.cond(Palette.text == "", "Arrows move, Enter opens, Esc closes", found)


def _record(row: rx.Var[PaletteRow]) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(row.kind, class_name="palette-kind"),
            rx.el.span(row.number, class_name="palette-number"),
            rx.el.span(row.detail, class_name="palette-detail"),
            href=row.href,
            class_name="palette-item",
            custom_attrs={"data-palette-item": ""},
        )
    )


def _page(item: NavItem) -> rx.Component:
    entry = rx.el.li(
        link(
            rx.icon(item.icon, size=16, aria_hidden="true"),
            rx.el.span(item.label),
            href=item.href,
            class_name="palette-item",
            custom_attrs={"data-palette-item": "", "data-palette-page": item.label.lower()},
        )
    )
    return rx.cond(may(*item.roles), entry) if item.roles else entry
