"""Submissions: the board of carriers by state, and the files behind each count; one of them open beside the list."""

from typing import Any

import reflex as rx

from models.enums import Role, SubmissionStatus
from pages.responses.acceptance import acceptance
from pages.ui.data_table import Column, data_table
from pages.ui.detail_pane import with_detail
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.next_step import next_step
from pages.ui.page_header import page_header
from pages.ui.progress import progress
from pages.ui.shell import shell
from pages.ui.status_badge import LOOKS
from pages.uploads.bulk_dialog import bulk_bar, bulk_dialog, bulk_tick, tick_all_button
from pages.uploads.file_badge import file_badge
from pages.uploads.submission import submission_pane
from pages.uploads.traffic_dialog import traffic_button, traffic_dialog
from state.uploads.submission import SubmissionPage
from state.uploads.submissions import Submissions

_HEADS = (
    (SubmissionStatus.READY, "Ready"),
    (SubmissionStatus.CLAIMED, "Running"),
    (SubmissionStatus.DELIVERED, "Delivered"),
    (SubmissionStatus.REFUSED, "Refused"),
    (SubmissionStatus.NEEDS_ATTENTION, "Needs attention"),
    (SubmissionStatus.IN_DOUBT, "In doubt"),
)


def submissions() -> rx.Component:
    """Return the page, for the board alone and with a submission open."""
    return shell(
        page_header("Submissions", "Every file on its way to a carrier's site, with the site's own proof."),
        rx.cond(
            Submissions.sent_total > 0,
            progress(
                "Sending",
                done=Submissions.sent_done,
                total=Submissions.sent_total,
                time_left=Submissions.sent_left,
            ),
        ),
        rx.el.div(_board(), _files(), class_name="board-and-list"),
        traffic_dialog(),
        bulk_dialog(),
        current="/submissions",
        roles=(Role.BILLER, Role.ADMIN),
    )


def _files() -> rx.Component:
    head = rx.el.div(
        rx.el.h2(Submissions.title, class_name="section-title"),
        rx.cond(
            (Submissions.column != "") | (Submissions.carrier_id != ""),
            link("Show what waits for you", href="/submissions", class_name="text-link"),
        ),
        class_name="section-head",
    )
    return rx.el.div(
        head,
        bulk_bar(),
        with_detail(_list(), submission_pane(), is_open=SubmissionPage.item_id != ""),
        class_name="files",
    )


def _board() -> rx.Component:
    heads = (rx.el.th(_head(status, word), scope="col", class_name="board-head") for status, word in _HEADS)
    head = rx.el.tr(
        rx.el.th("Carrier", scope="col"),
        *heads,
        rx.el.th("Accepted, 30 days", scope="col", class_name="board-head"),
        rx.el.th("Traffic", scope="col"),
    )
    totals = rx.el.tr(
        rx.el.th("All carriers", scope="row"),
        rx.foreach(Submissions.totals, _cell),
        rx.el.td(acceptance(Submissions.acceptance)),
        rx.el.td(),
        class_name="board-total",
    )
    body = rx.el.tbody(rx.foreach(Submissions.lanes, _lane), totals)
    table = rx.el.table(
        rx.el.caption("Files by carrier and state", class_name="sr-only"),
        rx.el.thead(head),
        body,
        class_name="table board",
    )
    frame = rx.el.div(
        table, tab_index=0, role="region", aria_label="Files by carrier and state", class_name="board-frame"
    )
    nothing = empty_state(
        "Nothing was sent yet",
        "Finalise approved proformas; their invoices appear here as soon as they are queued.",
        link("Go to billing", href="/billing", class_name="text-link"),
        icon="send",
    )
    return rx.cond(
        Submissions.lanes.length() > 0,
        frame,
        rx.cond(Submissions.is_loading, rx.el.div(class_name="skeleton board-skeleton"), nothing),
    )


def _head(status: SubmissionStatus, word: str) -> rx.Component:
    look = LOOKS[SubmissionStatus][status]
    return rx.el.span(rx.icon(look.icon, size=13, aria_hidden="true"), word, class_name=f"board-word {look.tone}")


def _lane(lane: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    name = rx.el.th(
        link(lane.carrier, href=f"/submissions?carrier={lane.carrier_id}", class_name="lane-name"),
        rx.el.span(lane.site, class_name="row-hint"),
        rx.el.span("Last log-in ", lane.last_login, class_name="row-hint"),
        rx.cond(
            lane.stopped != "",
            rx.el.span(
                rx.icon("pause", size=12, aria_hidden="true"),
                rx.el.span(
                    lane.stopped, rx.cond(lane.stopped_by != "", rx.el.span(lane.stopped_by, class_name="row-hint"))
                ),
                class_name="lane-stopped",
            ),
        ),
        rx.cond(
            lane.held != "",
            rx.el.span(rx.icon("clock", size=12, aria_hidden="true"), lane.held, class_name="lane-held"),
        ),
        scope="row",
    )
    traffic = rx.el.td(
        rx.el.div(
            traffic_button("carrier", lane.carrier_id, lane.carrier, lane.is_carrier_paused),
            traffic_button("account", lane.site_account_id, lane.site, lane.is_account_paused),
            class_name="traffic-pair",
        )
    )
    accepted = rx.el.td(acceptance(lane.acceptance), class_name="rate-cell")
    return rx.el.tr(name, rx.foreach(lane.cells, _cell), accepted, traffic)


def _cell(cell: Any) -> rx.Component:  # noqa: ANN401
    number = link(
        cell.count,
        rx.el.span(cell.column.replace("_", " "), class_name="cell-word"),
        href=cell.href,
        class_name=rx.cond(cell.is_zero, "count zero", f"count {cell.column}"),
    )
    return rx.el.td(number, class_name=rx.cond(cell.is_zero, "board-cell empty-cell", "board-cell"))


def _list() -> rx.Component:
    return data_table(
        Submissions,
        caption="Files",
        columns=_COLUMNS,
        card=_card,
        empty=empty_state(
            "Nothing here",
            "No file is in this state. When a site refuses a file or leaves us in doubt, it waits here for you.",
            icon="circle-check",
        ),
        export="submissions",
        search_label="Search invoice or matter number",
        toolbar=(rx.cond(Submissions.rows.length() > 0, tick_all_button(), rx.fragment()),),
    )


def _number(row: Any) -> rx.Component:  # noqa: ANN401
    current = rx.cond(SubmissionPage.item_id == row.id, "true", "false")
    return link(row.invoice_number, href=row.href, class_name="row-link", custom_attrs={"aria-current": current})


def _next(row: Any) -> rx.Component:  # noqa: ANN401
    deadline = rx.el.span(row.deadline, class_name=rx.cond(row.is_overdue, "late", "muted"))
    return rx.el.span(
        next_step(row.next_step, row.next_who), rx.cond(row.deadline != "", deadline), class_name="next-deadline"
    )


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(bulk_tick(row), _number(row), money(row.amount), class_name="card-head card-strong"),
        rx.el.div(file_badge(row), rx.el.span(row.carrier, class_name="muted"), class_name="badges"),
        rx.cond(row.error != "", rx.el.p(row.error, class_name="muted")),
        _next(row),
    )


_COLUMNS = (
    Column("Chosen", bulk_tick, width="34px", is_title_shown=False),
    Column("Invoice", _number, width="130px"),
    Column("Amount", lambda row: money(row.amount), align="end", width="110px"),
    Column("State", file_badge, width="140px"),
    Column("Carrier", lambda row: rx.el.span(row.carrier, class_name="nowrap")),
    Column("Next", _next),
    Column(
        "The site said", lambda row: rx.el.span(rx.cond(row.error != "", row.error, row.receipt), class_name="clip")
    ),
    Column("Matter", lambda row: rx.el.span(row.matter_number, class_name="nowrap")),
)
