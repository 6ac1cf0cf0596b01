"""The dialog that asks before a proforma is edited: its fields, the other matter, the bill before and after."""

from typing import Any

import reflex as rx

from pages.ui.note_dialog import note_dialog
from state.review.edit_dialog import EditDialog


def edit_dialog() -> rx.Component:
    """Return the dialog."""
    action = rx.cond(
        EditDialog.tone == "red",
        rx.button(EditDialog.action, type="submit", color_scheme="red"),
        rx.button(EditDialog.action, type="submit"),
    )
    return note_dialog(
        is_open=EditDialog.is_open,
        on_open_change=EditDialog.close,
        on_submit=EditDialog.submit,
        title=EditDialog.title,
        text=EditDialog.text,
        fields=(
            rx.cond(EditDialog.asks_matter, _matter()),
            rx.el.div(rx.foreach(EditDialog.fields, _field), class_name="edit-fields"),
            _sums(),
        ),
        problem=EditDialog.problem,
        action=action,
    )


def _field(field: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    return rx.match(
        field.kind,
        ("tick", _tick(field)),
        ("area", _labelled(field, _area(field))),
        ("choice", _labelled(field, _choice(field))),
        ("date", _labelled(field, _input(field, type="date"))),
        ("decimal", _labelled(field, _input(field, input_mode="decimal"))),
        ("code", _labelled(field, _code(field))),
        _labelled(field, _input(field, max_length=200)),
    )


def _labelled(field: Any, control: rx.Component) -> rx.Component:  # noqa: ANN401
    hint = rx.cond(field.hint != "", rx.el.span(field.hint, class_name="row-hint"))
    return rx.el.label(
        rx.el.span(field.label, class_name="field-label"), control, hint, key=field.name, class_name="field-block"
    )


def _input(field: Any, **looks: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.input(
        name=field.name,
        default_value=field.value,
        required=field.is_required,
        auto_complete="off",
        on_change=lambda text: EditDialog.type_value(field.name, text).debounce(250),
        class_name="field",
        **looks,
    )


def _code(field: Any) -> rx.Component:  # noqa: ANN401
    return _input(field, list=f"offered-{field.name}", auto_capitalize="characters", spell_check=False, max_length=20)


def _area(field: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.textarea(
        name=field.name,
        default_value=field.value,
        required=field.is_required,
        rows="3",
        max_length=4000,
        class_name="field",
    )


def _choice(field: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.select(
        rx.foreach(field.options, lambda option: rx.el.option(option.label, value=option.value)),
        name=field.name,
        on_change=lambda value: EditDialog.type_value(field.name, value),
        class_name="field",
    )


def _tick(field: Any) -> rx.Component:  # noqa: ANN401
    box = rx.el.input(
        type="checkbox",
        name=field.name,
        on_change=lambda ticked: EditDialog.type_value(field.name, rx.cond(ticked, "on", "")),
    )
    words = rx.el.span(
        rx.el.span(field.label, class_name="tabular-nums"),
        rx.el.span(field.hint, class_name="row-hint"),
        class_name="tick-words",
    )
    return rx.el.label(box, words, key=field.name, class_name="tick-row")


def _matter() -> rx.Component:
    find = rx.el.input(
        type="search",
        placeholder="Number or name",
        auto_complete="off",
        aria_label="Find the matter",
        on_change=EditDialog.find.debounce(180),
        class_name="field",
    )
    found = rx.el.div(rx.foreach(EditDialog.targets, _target), role="group", aria_label="Matters", class_name="targets")
    count = rx.el.p(
        rx.cond(EditDialog.search != "", f"{EditDialog.targets.length()} matters found", ""),
        role="status",
        class_name="sr-only",
    )
    chosen = rx.cond(
        EditDialog.matter != "", rx.el.p("To ", rx.el.strong(EditDialog.matter), class_name="chosen-matter")
    )
    return rx.el.div(
        rx.el.p("To which matter?", class_name="field-label"), find, count, found, chosen, class_name="field-block"
    )


def _target(row: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.button(
        row.words,
        type="button",
        on_click=EditDialog.choose(row.id),
        custom_attrs={"aria-pressed": rx.cond(EditDialog.matter == row.words, "true", "false")},
        key=row.id,
        class_name="target",
    )


def _sums() -> rx.Component:
    after = rx.cond(EditDialog.after != "", rx.fragment(" → ", rx.el.strong(EditDialog.after)))
    return rx.el.p("The bill: ", EditDialog.before, after, role="status", class_name="edit-sums")
