"""Results: mails in which carriers tell their decisions, and reports that people export from the carriers' sites."""

from typing import Any

import reflex as rx

from models.enums import ResultMailStatus, Role
from pages.responses.result_mail import result_mail_pane
from pages.responses.result_report import report_part
from pages.ui.callout import error_callout, notice
from pages.ui.data_table import Column, data_table
from pages.ui.detail_pane import with_detail
from pages.ui.empty_state import empty_state
from pages.ui.filters import Filter, filters
from pages.ui.link import link
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.status_badge import status_badge
from state.responses.result_mail import ResultMailPage
from state.responses.results import Results


def results() -> rx.Component:
    """Return the page, for the inbox alone and with a mail open."""
    return shell(
        page_header(
            "Results",
            "What carriers tell by e-mail or in a report: what fits is recorded by itself, the rest waits here.",
        ),
        rx.cond(Results.trouble != "", _trouble()),
        error_callout(Results.problem),
        report_part(),
        filters(
            "Mails",
            Results.status,
            Filter("Waiting for you", "/results", "", Results.waiting),
            Filter("Recorded", "/results?status=matched", ResultMailStatus.MATCHED.value, Results.matched),
            Filter("Ignored", "/results?status=ignored", ResultMailStatus.IGNORED.value, Results.ignored),
        ),
        with_detail(_list(), result_mail_pane(), is_open=ResultMailPage.item_id != ""),
        current="/results",
        roles=(Role.BILLER, Role.ADMIN),
    )


def _trouble() -> rx.Component:
    again = rx.button("Try again", variant="surface", on_click=Results.try_again)
    return notice(Results.trouble, again, tone="red", icon="mail-warning")


def _list() -> rx.Component:
    return data_table(
        Results,
        caption="Mails",
        columns=_COLUMNS,
        card=_card,
        empty=empty_state(
            "Nothing here",
            "No mail waits for a person. What a carrier's signed mail says is recorded by itself.",
            icon="mail-check",
        ),
        export="results",
        search_label="Search subject or sender",
    )


def _subject(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    current = rx.cond(ResultMailPage.item_id == row.id, "true", "false")
    return link(row.subject, href=row.href, class_name="row-link", custom_attrs={"aria-current": current})


def _letter(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.div(_subject(row), rx.el.span(row.sender, class_name="row-hint"), class_name="mail-letter")


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_subject(row), class_name="card-head card-strong"),
        rx.el.div(
            status_badge(ResultMailStatus, row.status),
            rx.el.span(row.received, class_name="muted nowrap"),
            class_name="badges",
        ),
        rx.el.p(row.sender, class_name="muted"),
        rx.cond(row.note != "", rx.el.p(row.note)),
    )


_COLUMNS = (
    Column("Received (UTC)", lambda row: rx.el.span(row.received, class_name="nowrap"), width="140px"),
    Column("Subject", _letter),
    Column("State", lambda row: status_badge(ResultMailStatus, row.status), width="150px"),
    Column("Why it waits", lambda row: rx.el.span(row.note, class_name="mail-why", title=row.note)),
    Column("Carrier", lambda row: rx.el.span(row.carrier, class_name="nowrap")),
)
