"""The list of every list page: dense rows on a desk, cards on a phone; the server pages, sorts and searches."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.export_menu import export_menu

Cell = Callable[[Any], rx.Component | rx.Var | str]
_SKELETON_ROWS = 8
NO_EXPORT = ""
"""For a table that shows a file's own content: the file itself is at hand."""


@dataclass(frozen=True)
class Column:
    """One column: its title, what stands in a row's cell, and the name the server sorts it by ('' = it does not).

    A title that is not shown is still read aloud.
    """

    title: str
    cell: Cell
    sort: str = ""
    align: Literal["start", "end"] = "start"
    width: str = ""
    is_title_shown: bool = True


def data_table(
    state: Any,  # noqa: ANN401 -- a state class with TableState mixed in and `rows`
    *,
    caption: str,
    columns: tuple[Column, ...],
    card: Callable[[Any], rx.Component],
    empty: rx.Component,
    export: str,
    search_label: str = "",
    toolbar: tuple[rx.Component, ...] = (),
) -> rx.Component:
    """Return the list of `state.rows` with its toolbar, states and pager.

    `card` draws a row on a phone. `search_label` names what the search looks at; '' leaves the search out. `export` is
    the list's name in `services.exporting`, or `NO_EXPORT`.
    """
    menu = (export_menu(export, state.export_query),) if export else ()
    return rx.el.section(
        _toolbar(state, search_label, (*toolbar, *menu)),
        error_callout(state.failure),
        rx.cond(
            state.is_loading,
            _skeleton(columns),
            rx.cond(state.rows.length() > 0, _rows(state, caption, columns, card), _nothing(state, empty)),
        ),
        aria_label=caption,
        class_name="table-section",
    )


def _toolbar(state: Any, search_label: str, extra: tuple[rx.Component, ...]) -> rx.Component:  # noqa: ANN401
    if not search_label and not extra:
        return rx.fragment()
    return rx.el.div(_search(state, search_label) if search_label else rx.fragment(), *extra, class_name="toolbar")


def _search(state: Any, label: str) -> rx.Component:  # noqa: ANN401
    field = rx.debounce_input(
        rx.el.input(
            value=state.search,
            on_change=state.find,
            type="search",
            placeholder=label,
            aria_label=label,
            class_name="search-field",
        ),
        debounce_timeout=300,
    )
    return rx.el.div(rx.icon("search", size=16, aria_hidden="true"), field, role="search", class_name="search")


def _rows(
    state: Any,  # noqa: ANN401
    caption: str,
    columns: tuple[Column, ...],
    card: Callable[[Any], rx.Component],
) -> rx.Component:
    head = rx.el.thead(rx.el.tr(*(_heading(state, column) for column in columns)))
    body = rx.el.tbody(rx.foreach(state.rows, lambda row: rx.el.tr(*(_cell(row, column) for column in columns))))
    table = rx.el.table(rx.el.caption(caption, class_name="sr-only"), head, body, class_name="table")
    return rx.fragment(
        # Focusable, so that the keyboard can scroll a table wider than the screen.
        rx.el.div(table, tab_index=0, role="region", aria_label=f"{caption}, every column", class_name="table-frame"),
        rx.el.ul(rx.foreach(state.rows, lambda row: rx.el.li(card(row), class_name="card")), class_name="cards"),
        _pager(state),
    )


def _heading(state: Any, column: Column) -> rx.Component:  # noqa: ANN401
    look = {"class_name": f"align-{column.align}", "scope": "col", "style": {"width": column.width}}
    if not column.sort:
        title = column.title if column.is_title_shown else rx.el.span(column.title, class_name="sr-only")
        return rx.el.th(title, **look)
    is_sorted = state.sort == column.sort
    arrow = rx.cond(
        is_sorted & ~state.descending,
        rx.icon("arrow-up", size=13, aria_hidden="true"),
        rx.cond(is_sorted, rx.icon("arrow-down", size=13, aria_hidden="true")),
    )
    button = rx.el.button(column.title, arrow, type="button", on_click=state.sort_by(column.sort), class_name="sort")
    order = rx.cond(is_sorted, rx.cond(state.descending, "descending", "ascending"), "none")
    return rx.el.th(button, custom_attrs={"aria-sort": order}, **look)


def _cell(row: Any, column: Column) -> rx.Component:  # noqa: ANN401
    return rx.el.td(column.cell(row), class_name=f"align-{column.align}")


def _pager(state: Any) -> rx.Component:  # noqa: ANN401
    previous = rx.el.button(
        rx.icon("chevron-left", size=16, aria_hidden="true"),
        type="button",
        aria_label="Previous page",
        disabled=~state.has_previous,
        on_click=state.turn(-1),
        class_name="icon-button",
    )
    following = rx.el.button(
        rx.icon("chevron-right", size=16, aria_hidden="true"),
        type="button",
        aria_label="Next page",
        disabled=~state.has_next,
        on_click=state.turn(1),
        class_name="icon-button",
    )
    shown = rx.el.span(state.range_text, role="status", class_name="tabular-nums")
    return rx.el.div(shown, rx.el.div(previous, following, class_name="flex gap-1"), class_name="pager")


def _nothing(state: Any, empty: rx.Component) -> rx.Component:  # noqa: ANN401
    return rx.cond(state.failure == "", empty)


def _skeleton(columns: tuple[Column, ...]) -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    row = rx.el.div(*(bar for _ in columns), class_name="skeleton-row")
    return rx.el.div(
        *(row for _ in range(_SKELETON_ROWS)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
