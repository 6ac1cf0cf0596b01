"""The bell of the top bar: how much is unread, opening to the newest notices."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.ui.link import link
from pages.ui.may import may
from state.notices import Notices


def bell() -> rx.Component:
    """Return the bell, for those who are told of anything."""
    rows = rx.el.ul(rx.foreach(Notices.rows, _notice), class_name="notice-list")
    nothing = rx.el.p(
        "Nothing to tell you. What waits for you, last days and files in doubt appear here.",
        class_name="menu-none",
    )
    read_all = rx.el.button(
        rx.icon("check-check", size=16, aria_hidden="true"),
        "Mark all as read",
        type="button",
        on_click=Notices.read_all,
        class_name="menu-item",
    )
    see_all = link(
        rx.icon("list", size=16, aria_hidden="true"), "All my notices", href="/notifications", class_name="menu-item"
    )
    menu = rx.el.details(
        rx.el.summary(
            rx.icon("bell", size=18, aria_hidden="true"),
            rx.cond(Notices.count != "", rx.el.span(Notices.count, aria_hidden="true", class_name="bell-count")),
            rx.el.span(
                rx.cond(Notices.count != "", f"Notices, {Notices.count} unread", "Notices"), class_name="sr-only"
            ),
            class_name="icon-button bell",
        ),
        rx.el.div(
            rx.cond(Notices.rows.length() > 0, rows, nothing),
            rx.el.hr(class_name="menu-line"),
            rx.cond(Notices.count != "", read_all),
            see_all,
            class_name="menu notices",
        ),
        class_name="person-menu",
    )
    return rx.cond(may(Role.ADMIN, Role.BILLER, Role.ATTORNEY), menu)


def _notice(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.li(
        link(
            rx.el.span(class_name=rx.cond(row.is_read, "dot", "dot tone-amber"), aria_hidden="true"),
            rx.el.span(
                rx.el.span(row.title, class_name="row-title"),
                rx.el.span(row.hint, class_name="row-hint"),
                rx.el.span(row.at, class_name="row-hint"),
                class_name="row-words",
            ),
            href=row.href,
            on_click=Notices.read(row.id),
            class_name=rx.cond(row.is_read, "notice read", "notice"),
        ),
        key=row.id,
    )
