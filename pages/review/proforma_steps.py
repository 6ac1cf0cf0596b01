"""What was changed on a proforma, step by step, before and after, each with its way back."""

from typing import Any

import reflex as rx

from pages.review.proforma_lines import diff
from state.review.proforma import ProformaPage


def steps() -> rx.Component:
    """Return the section; nothing while nobody changed anything."""
    listed = rx.el.ol(rx.foreach(ProformaPage.steps, _step), class_name="history steps")
    section = rx.el.section(rx.el.h2("Changes", class_name="panel-title"), listed, class_name="history-section")
    return rx.cond(ProformaPage.steps.length() > 0, section)


def _step(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    undo = rx.el.button(
        "Undo",
        type="button",
        on_click=ProformaPage.undo(row.id, ProformaPage.head.version),
        custom_attrs={"aria-label": f"Undo: {row.who} {row.what}"},
        class_name="text-button",
    )
    way_back = rx.cond(
        row.is_undone, rx.el.span("Undone", class_name="badge"), rx.cond(ProformaPage.may_edit_codes, undo)
    )
    head = rx.el.p(
        rx.el.strong(row.who),
        " ",
        row.what,
        " ",
        rx.el.span(row.at, class_name="muted"),
        " ",
        rx.cond(row.amounts != "", rx.el.span(row.amounts, class_name="tabular-nums")),
        " ",
        way_back,
    )
    return rx.el.li(
        head,
        rx.cond(row.note != "", rx.el.p(f"“{row.note}”")),
        rx.el.ul(rx.foreach(row.lines, _line), class_name="step-lines"),
        rx.cond(row.more != "", rx.el.p(row.more, class_name="muted")),
        key=row.id,
    )


def _line(line: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.li(
        rx.el.span(line.number, ": ", class_name="muted"),
        rx.el.span(line.words, class_name="tabular-nums"),
        rx.cond(line.diff.length() > 0, rx.el.p(diff(line.diff), class_name="compare")),
    )
