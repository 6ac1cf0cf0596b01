"""What a LEDES file says: invoices, lines, guideline findings, and differences from another file."""

from typing import Any

import reflex as rx

from pages.ui.data_table import NO_EXPORT, Column, data_table
from pages.ui.empty_state import empty_state
from pages.ui.link import link
from pages.ui.status_badge import Look, badge
from state.ledes_desk.ledes_reading import LedesReading

_BLOCKS = Look("red", "octagon-x", "Blocks")
_CUT = Look("amber", "scissors", "Would be cut")
_CHECK = Look("amber", "triangle-alert", "Check")


class _Rows:
    """One of the state's lists, as a table wants it."""

    def __init__(self, rows: Any) -> None:  # noqa: ANN401 -- a list's Var
        self.rows = rows

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 -- whatever the state has
        return getattr(LedesReading, name)


def invoices_view() -> rx.Component:
    """Return the invoices, or the lines of the chosen one."""
    return rx.cond(LedesReading.invoice == "", _invoices(), _lines())


def _invoices() -> rx.Component:
    return rx.fragment(
        _note(),
        data_table(
            _Rows(LedesReading.invoices),
            caption="Invoices of the file",
            export=NO_EXPORT,
            columns=_INVOICE_COLUMNS,
            card=_invoice_card,
            empty=empty_state("No invoice could be read", "The findings say why."),
        ),
    )


def _number(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return link(row.number, href=row.href, class_name="row-link")


def _invoice_card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_number(row), rx.el.span(row.total, class_name="money"), class_name="card-head card-strong"),
        rx.el.p(f"{row.client} · {row.matter}"),
        rx.el.p(f"{row.period} · {row.lines} lines", class_name="muted"),
    )


_INVOICE_COLUMNS = (
    Column("Invoice", _number, width="140px"),
    Column("Total", lambda row: rx.el.span(row.total, class_name="money"), align="end", width="130px"),
    Column("Lines", lambda row: row.lines, align="end", width="80px"),
    Column("Client", lambda row: row.client),
    Column("Matter", lambda row: rx.el.span(row.matter, class_name="nowrap")),
    Column("Dated", lambda row: rx.el.span(row.date, class_name="nowrap")),
    Column("Period", lambda row: rx.el.span(row.period, class_name="nowrap")),
)


def _lines() -> rx.Component:
    back = link(
        rx.icon("arrow-left", size=15, aria_hidden="true"),
        "All invoices",
        href=LedesReading.all_href,
        class_name="plain-button",
    )
    return rx.fragment(
        rx.el.div(
            back,
            rx.el.h3(LedesReading.invoice_title, class_name="section-title"),
            class_name="toolbar",
        ),
        _note(),
        data_table(
            _Rows(LedesReading.lines),
            caption="Lines of the invoice",
            export=NO_EXPORT,
            columns=_LINE_COLUMNS,
            card=_line_card,
            empty=empty_state("No line could be read", "The findings say why."),
        ),
    )


def _work(row: Any) -> rx.Component:  # noqa: ANN401
    who = rx.el.span(row.timekeeper, " ", rx.el.code(row.codes, class_name="tag"), class_name="row-hint")
    return rx.el.span(rx.el.span(row.narrative), who, class_name="row-words finding-words")


def _line_card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(
            rx.el.span(f"{row.number} · {row.date} · {row.kind}"),
            rx.el.span(row.total, class_name="money"),
            class_name="card-head card-strong",
        ),
        _work(row),
        rx.el.p(f"{row.units} at {row.rate}", class_name="muted"),
    )


_LINE_COLUMNS = (
    Column("Line", lambda row: row.number, width="70px"),
    Column("Date", lambda row: rx.el.span(row.date, class_name="nowrap"), width="110px"),
    Column("Type", lambda row: row.kind, width="60px"),
    Column("Work", _work),
    Column("Units", lambda row: row.units, align="end", width="80px"),
    Column("Rate", lambda row: row.rate, align="end", width="90px"),
    Column("Adjustment", lambda row: row.adjustment, align="end", width="100px"),
    Column("Total", lambda row: rx.el.span(row.total, class_name="money"), align="end", width="110px"),
)


def guidelines_view(has_carrier: rx.Var[bool]) -> rx.Component:
    """Return what the chosen carrier's guidelines find in the lines."""
    found = rx.fragment(
        _note(),
        data_table(
            _Rows(LedesReading.guidelines),
            caption="Guideline findings",
            export=NO_EXPORT,
            columns=_GUIDELINE_COLUMNS,
            card=_guideline_card,
            empty=empty_state("Nothing against these lines", "No rule that a file can answer is broken."),
        ),
    )
    choose = empty_state("No carrier is chosen", "Choose one under “Held against”; its guidelines are then asked.")
    return rx.cond(has_carrier, found, choose)


def _action(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.match(row.action, ("block", badge(_BLOCKS)), ("reduce", badge(_CUT)), badge(_CHECK))


def _guideline(row: Any) -> rx.Component:  # noqa: ANN401
    narrative = rx.cond(row.narrative != "", rx.el.span(f"“{row.narrative}”", class_name="row-hint"))
    return rx.el.span(rx.el.span(row.sentence), narrative, class_name="row-words finding-words")


def _line_of(row: Any) -> rx.Component:  # noqa: ANN401
    where = rx.cond(row.line != "", f"{row.invoice}, line {row.line}", row.invoice)
    return rx.el.span(where, class_name="nowrap tabular-nums")


def _guideline_card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(rx.el.div(_line_of(row), _action(row), class_name="card-head"), _guideline(row))


_GUIDELINE_COLUMNS = (
    Column("Where", _line_of, width="160px"),
    Column("Action", _action, width="130px"),
    Column("Finding", _guideline),
    Column("Rule", lambda row: rx.el.span(row.rule, class_name="nowrap"), width="180px"),
)


def compare_view(files: Any, file_id: rx.Var[str]) -> rx.Component:  # noqa: ANN401 -- the person's files
    """Return the differences of the open file from another one of the person's."""
    choice = rx.el.label(
        rx.el.span("Compare with", class_name="field-label"),
        rx.el.select(
            rx.el.option("Choose one of your files", value=""),
            rx.foreach(
                files,
                lambda one: rx.cond(
                    one.id == file_id, rx.fragment(), rx.el.option(f"{one.name} ({one.origin})", value=one.id)
                ),
            ),
            value=LedesReading.other,
            on_change=LedesReading.compare_with,
            class_name="choice",
        ),
        class_name="bench-carrier",
    )
    found = data_table(
        _Rows(LedesReading.differences),
        caption="Differences",
        export=NO_EXPORT,
        columns=_DIFFERENCE_COLUMNS,
        card=_difference_card,
        empty=rx.fragment(),
    )
    hint = empty_state("Nothing to compare yet", "Choose another of your files; drop it first if it is not there.")
    shown = rx.cond(LedesReading.other == "", hint, rx.fragment(_note(), found))
    return rx.fragment(rx.el.div(choice, class_name="toolbar"), shown)


def _difference_card(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.fragment(
        rx.el.div(_line_of(row), rx.el.code(row.field, class_name="tag wrap"), class_name="card-head"),
        rx.el.p(rx.el.del_(row.old)),
        rx.el.p(rx.el.ins(row.new)),
    )


_DIFFERENCE_COLUMNS = (
    Column("Where", _line_of, width="180px"),
    Column("Field", lambda row: rx.el.code(row.field, class_name="tag"), width="240px"),
    Column("In the open file", lambda row: rx.el.span(row.old, class_name="finding-words")),
    Column("In the other", lambda row: rx.el.span(row.new, class_name="finding-words")),
)


def _note() -> rx.Component:
    return rx.cond(LedesReading.note != "", rx.el.p(LedesReading.note, class_name="bench-note"))
