"""Rejections: what carriers did not take, by last day, one of them open beside the list; and reductions added up."""

from typing import Any

import reflex as rx

from models.enums import Role
from pages.responses.rejection import rejection_pane
from pages.responses.rule_proposals import rule_proposals
from pages.ui.data_table import Column, data_table
from pages.ui.detail_pane import with_detail
from pages.ui.empty_state import empty_state
from pages.ui.export_menu import export_menu
from pages.ui.filters import Filter, filters
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.next_step import next_step
from pages.ui.page_header import page_header
from pages.ui.shell import shell
from pages.ui.stat import stat, stats
from pages.ui.status_badge import Look, badge
from state.responses.rejection import RejectionPage
from state.responses.rejections import RejectionKind, Rejections

_KINDS = {
    RejectionKind.REFUSED: Look("red", "file-x", "File refused"),
    RejectionKind.REJECTED: Look("red", "x", "Rejected"),
    RejectionKind.DISPUTED: Look("amber", "message-circle-warning", "Disputed"),
    RejectionKind.REDUCED: Look("amber", "scissors", "Reduced"),
}
_BY = (("reason", "By reason"), ("carrier", "By carrier"), ("attorney", "By attorney"))


def rejections() -> rx.Component:
    """Return the page, for the list alone and with an invoice open."""
    views = filters(
        "Views",
        Rejections.view,
        Filter("To settle", "/rejections", "queue", Rejections.open_count),
        Filter("Reductions", "/rejections?view=reductions", "reductions"),
        Filter("Rules from cuts", "/rejections?view=rules", "rules"),
    )
    return shell(
        page_header("Rejections", "What carriers refused, rejected or cut: correct it, appeal in time, or accept it."),
        views,
        rx.match(Rejections.view, ("reductions", _reductions()), ("rules", rule_proposals()), _queue()),
        current="/rejections",
        roles=(Role.BILLER, Role.ATTORNEY, Role.ADMIN),
    )


def _queue() -> rx.Component:
    figures = stats(
        stat("To settle", Rejections.open_amount, hint=f"{Rejections.open_count} invoices"),
        stat("Last day within a week", Rejections.soon_amount, hint=f"{Rejections.soon_count} invoices"),
        stat("Too late to appeal", Rejections.late_count, hint="invoices"),
    )
    records = data_table(
        Rejections,
        caption="Rejections",
        columns=_COLUMNS,
        card=_card,
        empty=empty_state(
            "Nothing to settle",
            "When a carrier refuses, rejects or cuts an invoice, it waits here with its last day.",
            icon="circle-check",
        ),
        export="rejections",
        search_label="Search invoice or matter number",
    )
    pane = with_detail(records, rejection_pane(), is_open=RejectionPage.item_id != "")
    return rx.fragment(rx.cond(RejectionPage.item_id == "", figures), pane)


def _number(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    current = rx.cond(RejectionPage.item_id == row.id, "true", "false")
    return link(row.number, href=row.href, class_name="row-link", custom_attrs={"aria-current": current})


def _kind(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.match(row.kind, *((kind.value, badge(look)) for kind, look in _KINDS.items()), rx.el.span(row.kind))


def _due(row: Any) -> rx.Component:  # noqa: ANN401
    tone = rx.cond(row.is_late, "late", rx.cond(row.is_soon, "due-soon", "muted"))
    return rx.el.span(rx.cond(row.due != "", row.due, "No appeal"), class_name=tone)


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_number(row), money(row.open), class_name="card-head card-strong"),
        rx.el.div(_kind(row), _due(row), class_name="badges"),
        rx.el.p(f"{row.carrier} · {row.attorney}", class_name="muted"),
        next_step(row.next_step, row.next_who),
    )


_COLUMNS = (
    Column("Invoice", _number, width="120px"),
    Column("To settle", lambda row: money(row.open), align="end", width="110px"),
    Column("Carrier did", _kind, width="130px"),
    Column("Last day", lambda row: rx.el.span(_due(row), class_name="nowrap"), width="130px"),
    Column("Next", lambda row: next_step(row.next_step, row.next_who)),
    Column("Carrier", lambda row: rx.el.span(row.carrier, class_name="nowrap")),
    Column("Attorney", lambda row: rx.el.span(row.attorney, class_name="nowrap")),
    Column("Billed", lambda row: money(row.total), align="end", width="110px"),
)


def _reductions() -> rx.Component:
    ways = filters(
        "Added up",
        Rejections.by,
        *(Filter(label, f"/rejections?view=reductions&by={value}", value) for value, label in _BY),
    )
    heads = ("", "Cut", "Restored", "Accepted", "Open", "Lines", "Invoices")
    head = rx.el.tr(*(rx.el.th(title, scope="col", class_name="align-end" if title else "") for title in heads))
    total = Rejections.reduced_total
    foot = rx.el.tr(
        rx.el.th("All", scope="row"),
        *(rx.el.td(money(value), class_name="align-end") for value in _sums(total)),
        rx.el.td(total.lines, class_name="align-end"),
        rx.el.td(),
        class_name="reduction-total",
    )
    table = rx.el.table(
        rx.el.caption("Reductions of the last year", class_name="sr-only"),
        rx.el.thead(head),
        rx.el.tbody(rx.foreach(Rejections.reductions, _reduction), foot),
        class_name="table reductions",
    )
    frame = rx.el.div(
        table, tab_index=0, role="region", aria_label="Reductions", class_name="board-frame reduction-frame"
    )
    nothing = empty_state("No reductions", "No carrier reduced an invoice in the last year.", icon="circle-check")
    bar = rx.el.div(ways, export_menu("reductions", f"?by={Rejections.by}"), class_name="filters-row")
    return rx.fragment(bar, rx.cond(Rejections.reductions.length() > 0, frame, nothing))


def _sums(row: Any) -> tuple[Any, ...]:  # noqa: ANN401
    return (row.cut, row.restored, row.accepted, row.left)


def _reduction(row: Any) -> rx.Component:  # noqa: ANN401
    bar = rx.el.span(
        rx.el.span(style={"width": row.share}, class_name="share-bar"), aria_hidden="true", class_name="share"
    )
    return rx.el.tr(
        rx.el.th(rx.el.span(row.name, class_name="reduction-name"), bar, scope="row"),
        *(rx.el.td(money(value), class_name="align-end") for value in _sums(row)),
        rx.el.td(row.lines, class_name="align-end"),
        rx.el.td(row.invoices, class_name="align-end"),
    )
