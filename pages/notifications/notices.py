"""My notices: everything that one was told, by kind, read and unread, each leading to its row."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.notifications.parts import places
from pages.ui.data_table import Column, data_table
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from state.notifications.notice_list import NoticeList

EVERYBODY = (Role.BILLER, Role.ATTORNEY, Role.ADMIN)


def notices() -> rx.Component:
    """Return the page."""
    read_all = rx.button("Mark all as read", on_click=NoticeList.read_all, variant="surface")
    return shell(
        page_header(
            "Notifications",
            "What you were told, the newest first. Each leads to its record.",
            rx.cond(NoticeList.unread_count != "", read_all),
        ),
        places("/notifications"),
        result_bar(NoticeList.done, on_dismiss=NoticeList.dismiss),
        _chips(),
        data_table(
            NoticeList,
            caption="Notices",
            columns=_COLUMNS,
            card=_card,
            empty=empty_state("Nothing here", "Nobody told you anything of this kind.", icon="bell"),
            export="notices",
        ),
        current="/notifications",
        roles=EVERYBODY,
    )


def _chips() -> rx.Component:
    unread = link(
        "Unread",
        rx.cond(NoticeList.unread_count != "", rx.el.span(NoticeList.unread_count, class_name="filter-count")),
        href=NoticeList.unread_href,
        class_name="chip",
        custom_attrs={"aria-current": rx.cond(NoticeList.unread == "1", "true", "false")},
    )

    def kind(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        return link(
            one.label,
            rx.cond(one.count != "", rx.el.span(one.count, class_name="filter-count")),
            href=one.href,
            class_name="chip",
            custom_attrs={"aria-current": rx.cond(NoticeList.kind == one.value, "true", "false")},
            key=one.value,
        )

    return rx.el.nav(unread, rx.foreach(NoticeList.kinds, kind), aria_label="Which notices", class_name="chips")


def _what(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.span(
        link(
            row.title,
            href=row.href,
            on_click=NoticeList.read(row.id),
            class_name=rx.cond(row.is_read, "notice-link", "notice-link unread"),
        ),
        rx.el.span(row.hint, class_name="row-hint"),
        class_name="row-words",
    )


def _state(row: Any) -> rx.Component:  # noqa: ANN401
    button = rx.el.button(
        rx.icon("check", size=15, aria_hidden="true"),
        "Mark read",
        type="button",
        on_click=NoticeList.read(row.id),
        aria_label=f"Mark read: {row.title}",
        class_name="traffic",
    )
    return rx.cond(row.is_read, rx.el.span("Read", class_name="muted"), button)


def _when(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(row.at, class_name="nowrap tabular-nums")


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(rx.el.span(row.kind), _when(row), class_name="card-head"),
        _what(row),
        rx.el.div(_state(row), class_name="card-actions"),
    )


_COLUMNS = (
    Column("What", _what),
    Column("Kind", lambda row: rx.el.span(row.kind, class_name="muted nowrap")),
    Column("When (UTC)", _when, width="150px"),
    Column("State", _state, align="end", width="120px"),
)
