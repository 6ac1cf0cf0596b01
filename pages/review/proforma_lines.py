"""The lines of a proforma: a dense table on a desk, cards on a phone, findings right below their line."""

from typing import Any

import reflex as rx

from models.enums import FindingAction
from pages.review.proforma_keys import proforma_hint
from pages.ui.empty_state import empty_state
from pages.ui.keys import pressed_by
from pages.ui.link import link
from pages.ui.money import money
from pages.ui.status_badge import status_badge
from state.review.comments import Comments
from state.review.line_selection import LineSelection
from state.review.proforma import ProformaPage
from state.review.proforma_allow import AllowDialog
from state.review.proforma_split import SplitDialog

_COLUMNS = 7


def lines() -> rx.Component:
    """Return the lines with the choice of which to show."""
    choice = rx.el.div(
        _choice("All", "all", ProformaPage.all_count),
        _choice("Flagged", "flagged", ProformaPage.flagged_count),
        _choice("Changed", "changed", ProformaPage.changed_count),
        role="group",
        aria_label="Which lines",
        class_name="filters",
    )
    more = rx.button(ProformaPage.more_lines, variant="soft", color_scheme="gray", on_click=ProformaPage.show_more)
    tick_all = rx.el.button("Tick all", type="button", on_click=LineSelection.choose_shown, class_name="text-button")
    return rx.el.div(
        rx.el.div(choice, rx.cond(ProformaPage.may_edit_codes, tick_all), proforma_hint(), class_name="filters-row"),
        rx.cond(ProformaPage.lines.length() > 0, _table(), _nothing()),
        rx.cond(ProformaPage.more_lines != "", rx.el.div(more, class_name="more")),
        class_name="beside-list",
    )


def _choice(label: str, value: str, count: rx.Var) -> rx.Component:
    return rx.el.button(
        label,
        rx.el.span(count, class_name="filter-count"),
        type="button",
        on_click=ProformaPage.choose(value),
        custom_attrs={"aria-pressed": rx.cond(ProformaPage.show == value, "true", "false")},
        class_name=rx.cond(ProformaPage.show == value, "filter chosen", "filter"),
    )


def _table() -> rx.Component:
    titles = (("#", "end"), ("Date", "start"), ("Who", "start"), ("Codes", "start"), ("Narrative", "start"))
    figures = (("Units", "end"), ("Amount", "end"))
    head = rx.el.thead(
        rx.el.tr(*(rx.el.th(title, scope="col", class_name=f"align-{side}") for title, side in (*titles, *figures)))
    )
    return rx.el.div(
        rx.el.table(
            rx.el.caption("Lines", class_name="sr-only"),
            head,
            rx.foreach(ProformaPage.lines, _line),
            class_name="table lines",
        ),
        tab_index=0,
        role="region",
        aria_label="Lines",
        class_name="lines-frame",
    )


def _line(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    opener = rx.el.button(
        row.number,
        type="button",
        on_click=ProformaPage.open_line(row.id),
        custom_attrs={**pressed_by("e"), "aria-label": f"Open line {row.number}"},
        class_name="line-number",
    )
    tick = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=LineSelection.chosen.contains(row.id),
            on_change=LineSelection.toggle(row.id),
            aria_label=f"Choose line {row.number}",
            custom_attrs=pressed_by("x"),
        ),
        class_name="tick",
    )
    main = rx.el.tr(
        rx.el.td(
            rx.cond(ProformaPage.may_edit_codes & row.may_be_chosen, tick), opener, class_name="align-end line-open"
        ),
        rx.el.td(row.worked_on, class_name="nowrap line-date"),
        rx.el.td(row.who, class_name="nowrap line-who"),
        rx.el.td(row.codes, class_name="nowrap muted line-codes"),
        rx.el.td(_narrative(row), class_name="line-text"),
        rx.el.td(_was(row.was_units), row.units, class_name="align-end nowrap line-units"),
        rx.el.td(_was(row.was_amount), money(row.amount), class_name="align-end nowrap line-amount"),
        class_name="line",
    )
    return rx.el.tbody(
        main,
        rx.cond(
            row.findings.length() > 0, rx.el.tr(rx.el.td(_findings(row), col_span=_COLUMNS), class_name="line-findings")
        ),
        key=row.id,
        tab_index=-1,
        # A click beside the buttons opens the line too; assets/review.js presses its opener.
        custom_attrs={"data-row": row.id, "data-click": "e"},
        class_name=rx.cond(
            ProformaPage.panel.id == row.id,
            "line-body selected",
            rx.cond(row.treatment == "bill", "line-body", "line-body off"),
        ),
    )


def _narrative(row: Any) -> rx.Component:  # noqa: ANN401
    said = Comments.counts.get(row.id, "")
    marks = rx.el.span(
        rx.cond(
            said != "",
            rx.el.span(rx.icon("message-square", size=12, aria_hidden="true"), said, " open", class_name="badge"),
        ),
        rx.cond(row.origin != "", rx.el.span(row.origin, class_name="badge")),
        rx.cond(
            row.may_be_chosen & (row.treatment_word != ""),
            rx.el.span(row.treatment_word, class_name="badge badge-amber"),
        ),
        rx.cond(
            row.is_changed & (row.treatment_word == "") & ~row.is_part,
            rx.el.span(rx.icon("pencil", size=12, aria_hidden="true"), "Changed", class_name="badge"),
        ),
        class_name="line-marks",
    )
    compared = rx.cond(
        (ProformaPage.show == "changed") & (row.diff.length() > 0), diff(row.diff), rx.el.span(row.narrative)
    )
    return rx.el.div(rx.el.div(compared, class_name="line-words"), marks, class_name="line-narrative")


def diff(parts: Any) -> rx.Component:  # noqa: ANN401 -- the Var of a list of parts
    """Return a text with what is gone and what is new marked."""
    return rx.el.span(
        rx.foreach(
            parts,
            lambda part: rx.match(
                part.kind,
                ("gone", rx.el.del_(part.text)),
                ("new", rx.el.ins(part.text)),
                rx.el.span(part.text),
            ),
        ),
        class_name="diff",
    )


def _was(value: rx.Var) -> rx.Component:
    return rx.cond(value != "", rx.el.s(value, class_name="was"))


def _findings(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.ul(rx.foreach(row.findings, finding), class_name="line-flags")


def finding(found: Any) -> rx.Component:  # noqa: ANN401
    """Return what a guideline says about a line, with its fix; quietly where the carrier allowed it."""
    related = rx.foreach(
        found.related,
        lambda other: rx.el.button(
            f"See line {other.number}",
            type="button",
            on_click=ProformaPage.open_line(other.id),
            class_name="text-button",
        ),
    )
    why = rx.cond(found.fix_why != "", rx.el.span("Because ", found.fix_why, class_name="muted"))
    return rx.el.li(
        status_badge(FindingAction, found.action),
        rx.el.span(found.message, " ", why, class_name="flag-why"),
        rx.el.span(related, _fix(found), _permission(found), _rule(found), class_name="flag-does"),
        class_name=rx.cond(found.is_allowed, "quiet", ""),
    )


def _fix(found: Any) -> rx.Component:  # noqa: ANN401
    version = ProformaPage.head.version
    may = ProformaPage.may_edit | (found.is_for_billing & ProformaPage.may_edit_codes)
    press = rx.button(found.fix, size="1", variant="surface", on_click=ProformaPage.fix(found.id, version))
    split = rx.button(
        rx.icon("split", size=14, aria_hidden="true"),
        found.fix,
        size="1",
        variant="surface",
        on_click=SplitDialog.ask(found.line_id, version),
    )
    return rx.cond((found.fix != "") & may, rx.cond(found.is_split, split, press))


def _rule(found: Any) -> rx.Component:  # noqa: ANN401
    href = ProformaPage.head.rules_href
    see = link("See the rule", href=f"{href}?rule={found.rule_name}", class_name="text-button")
    return rx.cond((found.rule_name != "") & (href != ""), see)


def _permission(found: Any) -> rx.Component:  # noqa: ANN401
    version = ProformaPage.head.version
    ask = rx.el.button(
        "The carrier allowed this…",
        type="button",
        on_click=AllowDialog.ask(found.id, found.message, found.line_id, version),
        class_name="text-button",
    )
    revoke = rx.el.button(
        "Take the permission back",
        type="button",
        on_click=AllowDialog.withdraw(found.id, version),
        class_name="text-button",
    )
    asked = rx.cond(found.may_be_allowed, ask, rx.cond(found.has_permission, revoke))
    return rx.cond(ProformaPage.may_allow, asked)


def _nothing() -> rx.Component:
    return rx.match(
        ProformaPage.show,
        ("flagged", empty_state("No line is flagged", "The carrier's guidelines find nothing here.", icon="check")),
        (
            "changed",
            empty_state("Nothing is changed", "Every line is billed as its timekeeper entered it.", icon="equal"),
        ),
        empty_state("No lines", "This proforma has no lines left."),
    )
