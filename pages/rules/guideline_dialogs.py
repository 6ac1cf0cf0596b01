"""The questions of a carrier's rules: which kind to add, why it is saved, which file, and how versions differ."""

from typing import Any

import reflex as rx

from pages.rules.guideline_words import change_list
from pages.ui.callout import error_callout
from pages.ui.note_dialog import note_dialog
from state.rules.guideline_history import GuidelineHistory
from state.rules.guideline_saving import GuidelineSaving
from state.rules.guidelines import GuidelineEditor


def add_dialog() -> rx.Component:
    """Return the dialog that offers every kind of rule."""
    field = rx.el.input(
        type="search",
        placeholder="Hours, research, travel, receipt…",
        aria_label="Search the kinds of rule",
        on_change=GuidelineEditor.find_kind.debounce(150),
        class_name="field",
    )
    nothing = rx.el.p("No kind of rule says this. Try another word.", class_name="muted")
    kinds = rx.el.ul(rx.foreach(GuidelineEditor.kinds, _kind), class_name="kind-list")
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Add a rule"),
            rx.dialog.description("Choose what it asks. It begins with the values that carriers usually set."),
            rx.el.div(field, rx.cond(GuidelineEditor.kinds.length() > 0, kinds, nothing), class_name="dialog-form"),
            max_width="620px",
        ),
        open=GuidelineEditor.is_adding,
        on_open_change=GuidelineEditor.ask_kind,
    )


def _kind(kind: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.el.li(
        rx.el.button(
            rx.el.span(kind.title, class_name="card-title"),
            rx.el.span(kind.description, class_name="kind-words"),
            type="button",
            on_click=GuidelineEditor.add(kind.kind),
            class_name="kind",
        )
    )


def save_dialog() -> rx.Component:
    """Return the dialog that asks why, and shows what somebody else changed meanwhile."""
    note = rx.el.label(
        rx.el.span("What changed, and why", class_name="field-label"),
        rx.el.textarea(
            name="note",
            rows="3",
            max_length=500,
            required=True,
            default_value=GuidelineSaving.note,
            placeholder="Letter of the carrier of 2 November",
            key=GuidelineSaving.form_round.to_string(),
            class_name="field",
        ),
        class_name="field-block",
    )
    theirs = rx.el.div(
        rx.el.p("What came into force meanwhile", class_name="field-label"),
        change_list(GuidelineSaving.theirs),
    )
    yours = rx.el.div(rx.el.p("What you change", class_name="field-label"), change_list(GuidelineEditor.changes))
    return note_dialog(
        is_open=GuidelineSaving.is_open,
        on_open_change=GuidelineSaving.close,
        on_submit=GuidelineSaving.save,
        title="Save as a new version",
        text="It is in force at once. Earlier versions are kept and can be taken back.",
        fields=(rx.cond(GuidelineSaving.theirs.length() > 0, theirs), yours, note),
        problem=GuidelineSaving.problem,
        action=rx.button("Save", type="submit"),
    )


def import_dialog() -> rx.Component:
    """Return the dialog that takes a list from a file; assets/guidelines.js reads the file into the field."""
    chosen = rx.el.label(
        rx.el.span("File", class_name="field-label"),
        rx.el.input(
            type="file",
            accept=".json,application/json",
            class_name="field",
            custom_attrs={"data-reads-into": "imported-list"},
        ),
        class_name="field-block",
    )
    text = rx.el.label(
        rx.el.span("Or the list itself", class_name="field-label"),
        rx.el.textarea(name="list", id="imported-list", rows="8", spell_check=False, class_name="field code"),
        class_name="field-block",
    )
    return note_dialog(
        is_open=GuidelineSaving.is_importing,
        on_open_change=GuidelineSaving.ask_import,
        on_submit=GuidelineSaving.import_list,
        title="Import a list",
        text="It takes the place of the list on this page. Nothing is saved by it, and Undo leads back.",
        fields=(chosen, text),
        problem=GuidelineSaving.import_problem,
        action=rx.button("Take the list", type="submit"),
    )


def history_dialog() -> rx.Component:
    """Return the dialog with all versions and the difference between two."""
    compared = rx.el.div(
        rx.el.p(
            "What version ", _side("newer"), " says other than version ", _side("older"), class_name="compare-head"
        ),
        rx.cond(
            GuidelineHistory.changes.length() > 0,
            change_list(GuidelineHistory.changes),
            rx.el.p("Nothing: their rules are the same.", class_name="muted"),
        ),
    )
    close = rx.dialog.close(rx.button("Close", variant="soft", color_scheme="gray", type="button"))
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Versions"),
            rx.dialog.description("Who changed the rules, when and why. A version is never changed or lost."),
            rx.el.div(
                error_callout(GuidelineHistory.problem),
                rx.el.ol(rx.foreach(GuidelineHistory.versions, _version), class_name="version-list"),
                compared,
                class_name="dialog-form",
            ),
            rx.el.div(close, class_name="dialog-buttons"),
            max_width="680px",
        ),
        open=GuidelineHistory.is_open,
        on_open_change=GuidelineHistory.show,
    )


def _version(version: Any) -> rx.Component:  # noqa: ANN401
    back = rx.el.button(
        "Take it back",
        type="button",
        aria_label=f"Take it back: version {version.number}",
        on_click=GuidelineHistory.take_back(version.number),
        class_name="text-button",
    )
    mark = rx.cond(
        version.is_active,
        rx.el.span("In force", class_name="badge badge-green"),
        rx.cond(GuidelineEditor.may_edit, back),
    )
    words = rx.el.div(
        rx.el.p(rx.el.strong(f"Version {version.number}"), f" · {version.rules} · {version.author}, {version.at}"),
        rx.cond(version.note != "", rx.el.p(f"“{version.note}”", class_name="muted")),
        class_name="min-w-0",
    )
    return rx.el.li(words, mark)


def _side(side: str) -> rx.Component:
    chosen = GuidelineHistory.newer if side == "newer" else GuidelineHistory.older
    return rx.el.select(
        rx.foreach(GuidelineHistory.versions, lambda one: rx.el.option(one.number, value=one.number)),
        value=chosen,
        on_change=lambda number: GuidelineHistory.compare(side, number),
        aria_label="Later version" if side == "newer" else "Earlier version",
        class_name="choice",
    )
