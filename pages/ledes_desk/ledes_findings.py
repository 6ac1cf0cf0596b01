"""Findings of a LEDES file, in order, each with the bytes it is about."""

from typing import Any

import reflex as rx

from pages.ui.data_table import NO_EXPORT, Column, data_table
from pages.ui.detail_pane import detail_pane, fact, facts, part, with_detail
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.status_badge import Look, badge
from state.ledes_desk.ledes_findings import LedesFindings

_ERROR = Look("red", "octagon-x", "Error")
_WARNING = Look("amber", "triangle-alert", "Warning")


def findings_view() -> rx.Component:
    """Return the list with its filters, and the bytes of the chosen finding beside it."""
    records = rx.el.div(
        _filters(),
        data_table(
            LedesFindings,
            caption="Findings",
            export=NO_EXPORT,
            columns=_COLUMNS,
            card=_card,
            empty=empty_state("Nothing found", "No finding matches; nothing is wrong here.", icon="circle-check"),
        ),
        rx.cond(LedesFindings.not_listed != "", rx.el.p(LedesFindings.not_listed, class_name="row-hint")),
        class_name="bench-findings",
    )
    return with_detail(records, _pane(), is_open=LedesFindings.chosen.id != "")


def _filters() -> rx.Component:
    return rx.el.div(
        rx.el.nav(
            rx.foreach(LedesFindings.severities, lambda one: _choice(one, LedesFindings.severity)),
            aria_label="How severe",
            class_name="chips",
        ),
        rx.el.nav(
            rx.foreach(LedesFindings.codes, lambda one: _choice(one, LedesFindings.code)),
            aria_label="Which fault",
            class_name="chips",
        ),
        class_name="chip-rows",
    )


def _choice(one: Any, chosen: rx.Var[str]) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return link(
        one.label,
        rx.el.span(one.count, class_name="filter-count"),
        href=one.href,
        class_name="chip",
        custom_attrs={"aria-current": rx.cond(chosen == one.value, "true", "false")},
    )


def _severity(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.cond(row.severity == "error", badge(_ERROR), badge(_WARNING))


def _place(row: Any) -> rx.Component:  # noqa: ANN401
    current = rx.cond(LedesFindings.chosen.id == row.id, "true", "false")
    return link(row.place, href=row.href, class_name="row-link", custom_attrs={"aria-current": current})


def _words(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.span(
        rx.el.span(row.message),
        rx.el.span(row.fix, class_name="row-hint"),
        class_name="row-words finding-words",
    )


def _value(row: Any) -> rx.Component:  # noqa: ANN401
    shown = rx.el.code(row.value, class_name="tag clip short", title=row.value)
    return rx.cond(row.value != "", shown, rx.el.span("blank", class_name="muted"))


def _card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_place(row), _severity(row), class_name="card-head"),
        rx.el.p(row.message),
        rx.el.p(row.fix, class_name="muted"),
        rx.cond(row.field != "", rx.el.p(rx.el.code(row.field, class_name="tag wrap"))),
    )


_COLUMNS = (
    Column("Where", _place, width="150px"),
    Column("Severity", _severity, width="100px"),
    Column("What is wrong, and what to do", _words),
    Column("Value", _value, width="170px"),
    Column("Field", lambda row: rx.el.code(row.field, class_name="tag"), width="200px"),
    Column("Code", lambda row: rx.el.span(row.code_words, class_name="nowrap"), width="160px"),
)


def _pane() -> rx.Component:
    chosen = LedesFindings.chosen
    return detail_pane(
        LedesFindings.place.where,
        chosen.code_words,
        rx.el.div(_severity(chosen), rx.el.p(chosen.message), rx.el.p(chosen.fix, class_name="muted")),
        part("The bytes", _raw()),
        rx.cond(LedesFindings.odd.length() > 0, part("Characters outside plain ASCII", _odd())),
        facts(
            fact("Where in the file", LedesFindings.place.bytes),
            fact("Read as", LedesFindings.place.encoding),
            rx.cond(chosen.field != "", fact("Field", rx.el.code(chosen.field, class_name="tag wrap"))),
            rx.cond(chosen.value != "", fact("Value", rx.el.code(chosen.value, class_name="tag wrap"))),
        ),
        close_href=LedesFindings.close_href,
        label="The place",
        is_loading=LedesFindings.is_loading,
    )


def _raw() -> rx.Component:
    def piece(one: Any) -> rx.Component:  # noqa: ANN401
        marked = rx.el.mark(one.text, class_name=f"raw-{one.kind}", title=one.title)
        return rx.match(
            one.kind,
            ("", rx.el.span(one.text)),
            ("value", rx.el.mark(one.text, class_name="raw-value")),
            ("odd", rx.el.span(one.text, class_name="raw-odd", title=one.title)),
            ("odd value", rx.el.mark(one.text, class_name="raw-value raw-odd", title=one.title)),
            ("value blank", rx.el.mark(one.text, class_name="raw-value raw-blank", title=one.title)),
            marked,
        )

    line = rx.el.pre(
        rx.cond(LedesFindings.place.is_cut_before, rx.el.span("… ", class_name="muted")),
        rx.foreach(LedesFindings.pieces, piece),
        rx.cond(LedesFindings.place.is_cut_after, rx.el.span(" …", class_name="muted")),
        class_name="raw",
    )
    return rx.el.div(line, tab_index=0, role="region", aria_label="The line as it stands in the file")


def _odd() -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            LedesFindings.odd,
            lambda one: rx.el.li(rx.el.code(one.text, class_name="tag"), rx.el.span(one.title)),
        ),
        class_name="odd-list",
    )
