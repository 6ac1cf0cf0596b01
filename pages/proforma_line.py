"""One line opened beside the list: three values, findings, and the form that changes what is billed."""

import reflex as rx
from reflex_base.event import EventSpec

from pages.proforma_lines import diff, finding
from pages.ui.money import money
from state.code_lists import offered_codes
from state.proforma import ProformaPage
from state.proforma_split import SplitDialog

_PANEL = ProformaPage.panel


def line_panel() -> rx.Component:
    """Return the panel; nothing while no line is open."""
    body = rx.el.aside(
        _head(),
        rx.el.div(
            rx.cond(
                _PANEL.findings.length() > 0, rx.el.ul(rx.foreach(_PANEL.findings, finding), class_name="line-flags")
            ),
            _split(),
            _values(),
            _texts(),
            rx.cond(ProformaPage.may_edit_codes & (_PANEL.treatment != "split"), _form(), _closed()),
            class_name="side-body",
        ),
        aria_label="Line",
        class_name="side-panel",
        id="line-panel",
    )
    return rx.cond(_PANEL.id != "", rx.fragment(body, _code_lists()))


def _head() -> rx.Component:
    close = rx.el.button(
        rx.icon("x", size=18, aria_hidden="true"),
        type="button",
        aria_label="Close the line",
        on_click=ProformaPage.close_line,
        class_name="icon-button",
        custom_attrs={"data-key": "Escape"},
    )
    title = rx.el.div(
        rx.el.h2(f"Line {_PANEL.number}", class_name="panel-title"), rx.el.p(_PANEL.title, class_name="row-hint")
    )
    return rx.el.div(title, close, class_name="side-head")


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
        rx.el.span(_PANEL.split_words),
        rx.cond(may_withdraw, withdraw),
        class_name="split-note",
    )
    return rx.cond(_PANEL.split_words != "", note)


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
        rx.cond(_PANEL.note != "", rx.el.p(rx.el.span("Note: ", class_name="muted"), _PANEL.note)),
    )


def _form() -> rx.Component:
    narrative = rx.el.textarea(
        name="narrative",
        default_value=_PANEL.narrative,
        rows="5",
        disabled=~ProformaPage.may_edit,
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
    fee = rx.fragment(
        _code("Task", "task_code", _PANEL.task_code), _code("Activity", "activity_code", _PANEL.activity_code)
    )
    codes = rx.cond(_PANEL.is_expense, _code("Expense code", "expense_code", _PANEL.expense_code), fee)
    return rx.el.form(
        _problem(),
        _labelled("Narrative as billed", narrative),
        rx.el.div(_labelled(rx.cond(_PANEL.is_expense, "Units", "Hours"), units), codes, class_name="field-row"),
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
    cuts = rx.fragment(
        _line_verb("minus", "Write down…", ProformaPage.ask_line("write_down", version)),
        _line_verb("ban", "Write off…", ProformaPage.ask_line("write_off", version)),
        _line_verb("pause", "Hold…", ProformaPage.ask_line("hold_line", version)),
        split,
    )
    return rx.cond(
        ProformaPage.may_edit,
        rx.el.div(rx.cond(_PANEL.treatment == "bill", cuts, rx.fragment()), restore, class_name="line-verbs"),
        rx.el.div(
            rx.el.p("Billing may fix codes; text, hours and amounts are the attorney's.", class_name="row-hint"),
            split,
        ),
    )


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
    state = rx.el.p(
        "Its lines cannot be changed by you in this state. An approved one is reopened first.", class_name="row-hint"
    )
    return rx.fragment(
        rx.el.p(_PANEL.narrative, class_name="compare"), rx.cond(_PANEL.treatment == "split", split, state)
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


def _code_lists() -> rx.Component:
    return rx.fragment(
        *(
            rx.el.datalist(
                *(rx.el.option(f"{choice.code} {choice.label}", value=choice.code) for choice in choices),
                id=f"offered-{name}",
            )
            for name, choices in offered_codes().items()
        )
    )
