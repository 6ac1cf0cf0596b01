"""One line opened beside the list: three values, findings, and the form that changes what is billed."""

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from pages.review.comments import COMMENT_FIELD
from pages.review.proforma_lines import diff, finding
from pages.ui.money import money
from pages.ui.side_panel import side_head
from state.review.code_lists import offered_codes
from state.review.comments import Comments
from state.review.edit_dialog import EditDialog
from state.review.presence import Presence
from state.review.proforma import ProformaPage
from state.review.proforma_split import SplitDialog

_PANEL = ProformaPage.panel
_CUTS = (
    ("write_down", "Write down…", "minus"),
    ("discount", "Discount…", "percent"),
    ("write_off", "Write off…", "ban"),
    ("hold", "Hold…", "pause"),
    ("no_charge", "No charge…", "circle-slash"),
    ("no_print", "Do not itemize…", "eye-off"),
)


def line_panel() -> rx.Component:
    """Return the panel; nothing while no line is open."""
    body = rx.el.aside(
        _head(),
        rx.el.div(
            rx.cond(
                _PANEL.findings.length() > 0, rx.el.ul(rx.foreach(_PANEL.findings, finding), class_name="line-flags")
            ),
            _others(),
            _split(),
            _said(),
            _values(),
            _texts(),
            rx.cond(
                _PANEL.is_discount,
                _discount(),
                rx.cond(ProformaPage.may_edit_codes & _PANEL.stands, _form(), _closed()),
            ),
            class_name="side-body",
        ),
        aria_label="Line",
        class_name="side-panel",
        id="line-panel",
        custom_attrs={"data-opened": _PANEL.id},
    )
    return rx.cond(_PANEL.id != "", body)


def _head() -> rx.Component:
    return side_head(
        f"Line {_PANEL.number}", _PANEL.title, close_label="Close the line", on_close=ProformaPage.close_line
    )


def _others() -> rx.Component:
    """Say who else has the very line open."""
    note = rx.foreach(
        Presence.rows,
        lambda person: rx.cond(
            person.line == _PANEL.number,
            rx.el.p(rx.icon("users", size=14, aria_hidden="true"), rx.el.span(person.words), class_name="split-note"),
        ),
    )
    return rx.el.div(note, role="status", aria_live="polite", class_name="line-others")


def _said() -> rx.Component:
    rows = rx.foreach(
        Comments.rows,
        lambda row: rx.cond(
            (row.line_id == _PANEL.id) & ~row.is_removed & (row.resolved_by == ""),
            rx.el.li(
                rx.el.strong(row.author), ": ", rx.foreach(row.words, lambda one: rx.el.span(one.text)), key=row.id
            ),
        ),
    )
    write = rx.el.button(
        rx.icon("message-square-plus", size=14, aria_hidden="true"),
        "Comment on this line",
        type="button",
        on_click=Comments.write_about(_PANEL.id, _PANEL.number),
        custom_attrs={"data-focuses": COMMENT_FIELD},
        class_name="text-button comment-on",
    )
    return rx.el.div(rx.el.ul(rows, class_name="line-comments"), write)


def _discount() -> rx.Component:
    change = _line_verb("percent", "Change it…", EditDialog.ask_bill("bill_discount", ProformaPage.head.version))
    return rx.fragment(
        rx.el.p(_PANEL.narrative, class_name="compare"),
        rx.cond(ProformaPage.may_edit, rx.el.div(change, class_name="line-verbs")),
    )


def _waiting(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    withdraw = rx.el.button(
        "Take it back",
        type="button",
        on_click=ProformaPage.withdraw_change(row.id),
        custom_attrs={"aria-label": f"Take it back: {row.words}"},
        class_name="text-button",
    )
    return rx.el.li(
        rx.el.p(row.words, " ", rx.cond(ProformaPage.may_edit_codes, withdraw)),
        rx.cond(row.text != "", rx.el.p(row.text, class_name="compare")),
        key=row.id,
    )


def _split() -> rx.Component:
    withdraw = rx.el.button(
        "Take it back",
        type="button",
        on_click=SplitDialog.withdraw(_PANEL.waiting_split),
        class_name="text-button",
    )
    may_withdraw = (_PANEL.waiting_split != "") & ProformaPage.may_edit_codes
    note = rx.el.p(
        rx.icon("split", size=14, aria_hidden="true"),
        rx.el.span(_PANEL.origin),
        rx.cond(may_withdraw, withdraw),
        class_name="split-note",
    )
    waiting = rx.el.ul(rx.foreach(_PANEL.waiting, _waiting), class_name="waiting-changes")
    return rx.fragment(rx.cond(_PANEL.origin != "", note), rx.cond(_PANEL.waiting.length() > 0, waiting))


def _values() -> rx.Component:
    head = rx.el.thead(
        rx.el.tr(
            rx.el.td(""),
            *(rx.el.th(title, scope="col") for title in ("As worked", "As entered", "As billed")),
        )
    )
    rows = (
        ("Units", _PANEL.worked_units, _PANEL.entered_units, _PANEL.billed_units),
        ("Amount", money(_PANEL.worked_amount), money(_PANEL.entered_amount), money(_PANEL.amount)),
    )
    body = rx.el.tbody(
        *(rx.el.tr(rx.el.th(name, scope="row"), *(rx.el.td(cell) for cell in cells)) for name, *cells in rows)
    )
    return rx.el.table(rx.el.caption("Three values", class_name="sr-only"), head, body, class_name="values")


def _texts() -> rx.Component:
    entered = rx.el.div(
        rx.el.p("Narrative as entered, with what changed", class_name="field-label"),
        rx.el.p(diff(_PANEL.diff), class_name="compare"),
    )
    worked = rx.el.div(
        rx.el.p("Narrative as worked", class_name="field-label"),
        rx.el.p(_PANEL.worked_narrative, class_name="compare"),
    )
    return rx.fragment(
        rx.cond(_PANEL.worked_narrative != _PANEL.entered_narrative, worked),
        rx.cond(_PANEL.is_text_changed, entered),
        rx.cond(_PANEL.adjusted != "", rx.el.p(_PANEL.adjusted, class_name="tabular-nums")),
        rx.cond(_PANEL.note != "", rx.el.p(rx.el.span("Note: ", class_name="muted"), _PANEL.note)),
    )


def _form() -> rx.Component:
    narrative = rx.el.textarea(
        name="narrative",
        default_value=_PANEL.narrative,
        rows="5",
        disabled=~(ProformaPage.may_edit | _PANEL.is_others_text),
        class_name="field",
    )
    units = rx.el.input(
        name="units",
        default_value=_PANEL.billed_units,
        input_mode="decimal",
        auto_complete="off",
        disabled=~ProformaPage.may_edit,
        class_name="field",
    )
    rate = rx.el.input(
        name="unit_cost",
        default_value=_PANEL.rate,
        input_mode="decimal",
        auto_complete="off",
        disabled=~ProformaPage.may_edit,
        class_name="field",
    )
    proposes = rx.el.p("Another text is proposed to the timekeeper and billed once attested.", class_name="row-hint")
    fee = rx.fragment(
        _code("Task", "task_code", _PANEL.task_code), _code("Activity", "activity_code", _PANEL.activity_code)
    )
    codes = rx.cond(_PANEL.is_expense, _code("Expense code", "expense_code", _PANEL.expense_code), fee)
    return rx.el.form(
        _problem(),
        _labelled("Narrative as billed", narrative),
        rx.cond(_PANEL.is_others_text, proposes),
        rx.el.div(
            _labelled(rx.cond(_PANEL.is_expense, "Units", "Hours"), units),
            _labelled(rx.cond(_PANEL.is_expense, "Cost", "Rate"), rate),
            codes,
            class_name="field-row",
        ),
        _labelled("Why (kept in the history)", rx.el.input(name="note", max_length=500, class_name="field")),
        rx.el.div(
            rx.button("Save line", type="submit"),
            rx.el.span(rx.el.kbd("Ctrl"), rx.el.kbd("Enter"), class_name="key-hint inline"),
            class_name="form-buttons",
        ),
        _verbs(),
        on_submit=ProformaPage.save_line,
        key=_PANEL.form_key,
        class_name="line-form",
    )


def _problem() -> rx.Component:
    theirs = rx.el.ul(rx.foreach(ProformaPage.panel_theirs, rx.el.li), class_name="skipped")
    take = rx.button(
        "Take the stored values", type="button", size="1", variant="surface", on_click=ProformaPage.take_theirs
    )
    conflict = rx.cond(ProformaPage.panel_theirs.length() > 0, rx.fragment(theirs, take))
    box = rx.el.div(
        rx.icon("circle-alert", size=18, aria_hidden="true"),
        rx.el.div(rx.el.p(ProformaPage.panel_problem), conflict, class_name="min-w-0"),
        role="alert",
        class_name="callout amber",
    )
    return rx.cond(ProformaPage.panel_problem != "", box)


def _verbs() -> rx.Component:
    version = ProformaPage.head.version
    restore = _line_verb("rotate-ccw", "Bill as entered", ProformaPage.restore(_PANEL.id, version))
    split = rx.cond(_PANEL.may_split, _line_verb("split", "Split…", SplitDialog.ask(_PANEL.id, version)))
    whole = (("transfer", "Transfer…", "arrow-right-left"), ("part", "Transfer a part…", "git-fork"))
    asks = (
        ("hours", "More hours…", "clock-arrow-up"),
        ("date", "Another day…", "calendar-clock"),
        ("performer", "Another timekeeper…", "user-pen"),
    )
    cuts = rx.fragment(
        *(_asking(*verb) for verb in _CUTS),
        rx.cond(_PANEL.may_transfer, rx.fragment(*(_asking(*verb) for verb in whole))),
        rx.cond(_PANEL.is_expense, rx.fragment(), rx.fragment(*(_asking(*verb) for verb in asks))),
        split,
        rx.cond(
            _PANEL.is_combined,
            _line_verb("ungroup", "Take apart", ProformaPage.take_apart(_PANEL.id, version)),
        ),
    )
    return rx.cond(
        ProformaPage.may_edit,
        rx.el.div(rx.cond(_PANEL.treatment == "bill", cuts, rx.fragment()), restore, class_name="line-verbs"),
        rx.el.div(
            rx.el.p("Billing may fix codes; hours and amounts are the attorney's.", class_name="row-hint"),
            rx.el.div(
                rx.cond(_PANEL.is_expense, rx.fragment(), rx.fragment(*(_asking(*verb) for verb in asks))),
                split,
                class_name="line-verbs",
            ),
        ),
    )


def _asking(kind: str, label: str, icon: str) -> rx.Component:
    return _line_verb(icon, label, EditDialog.ask_line(kind, _PANEL.id, ProformaPage.head.version))


def _line_verb(icon: str, label: str, event: EventSpec) -> rx.Component:
    return rx.button(
        rx.icon(icon, size=14, aria_hidden="true"),
        label,
        type="button",
        size="1",
        variant="surface",
        color_scheme="gray",
        on_click=event,
    )


def _closed() -> rx.Component:
    restore = _line_verb("rotate-ccw", "Bill as entered", ProformaPage.restore(_PANEL.id, ProformaPage.head.version))
    split = rx.fragment(
        rx.el.p("Its parts are billed in its place. Billing it as entered takes them away.", class_name="row-hint"),
        rx.cond(ProformaPage.may_edit, rx.el.div(restore, class_name="line-verbs")),
    )
    gone = rx.el.p("The step is taken back under Changes, as long as no invoice is made.", class_name="row-hint")
    state = rx.el.p(
        "Its lines cannot be changed by you in this state. An approved one is reopened first.", class_name="row-hint"
    )
    return rx.fragment(
        rx.el.p(_PANEL.narrative, class_name="compare"),
        rx.cond(_PANEL.treatment == "split", split, rx.cond(_PANEL.stands, state, gone)),
    )


def _code(label: str, name: str, value: rx.Var) -> rx.Component:
    field = rx.el.input(
        name=name,
        default_value=value,
        list=f"offered-{name}",
        auto_complete="off",
        auto_capitalize="characters",
        spell_check=False,
        class_name="field",
    )
    return _labelled(label, field)


def _labelled(label: str | rx.Var, field: rx.Component) -> rx.Component:
    return rx.el.label(rx.el.span(label, class_name="field-label"), field, class_name="field-block")


def code_lists() -> rx.Component:
    """Return the lists of codes that fields offer while somebody types."""
    return rx.fragment(
        *(
            rx.el.datalist(
                *(rx.el.option(f"{choice.code} {choice.label}", value=choice.code) for choice in choices),
                id=f"offered-{name}",
            )
            for name, choices in offered_codes().items()
        )
    )
