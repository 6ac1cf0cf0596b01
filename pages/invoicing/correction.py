"""Correcting an invoice: change lines one by one, say why, and make the new revision at once."""

from typing import Any

import reflex as rx

from pages.ui.fields import long_field, text_field
from pages.ui.refusal import refusal
from state.invoicing.correction import Correction


def correction() -> rx.Component:
    """Return the correction under way; lines are chosen in the table of lines below it."""
    return rx.el.section(
        rx.el.h3("Correction", class_name="pane-heading"),
        rx.el.p(
            "Choose “Change” at a line below. Hours and rates may only go down; lowering the amount is for the "
            "matter's responsible attorney.",
            class_name="muted",
        ),
        refusal(Correction),
        rx.cond(Correction.form.number != "", _line_form()),
        rx.cond(Correction.changed.length() > 0, _changes()),
        rx.el.form(
            long_field(
                "Why is it corrected? The reason stays with the revision.",
                "reason",
                rows="2",
                required=True,
                default_value=Correction.reason,
            ),
            rx.el.div(
                rx.button("Make the corrected revision and queue it", type="submit"),
                rx.button("Leave it", variant="soft", color_scheme="gray", type="button", on_click=Correction.leave),
                class_name="form-buttons",
            ),
            on_submit=Correction.send,
            class_name="line-form",
        ),
        aria_label="Correction",
        class_name="correction",
    )


def _line_form() -> rx.Component:
    form = Correction.form
    codes = rx.cond(
        form.is_fee,
        rx.fragment(
            text_field("Task code", "task_code", default_value=form.task_code),
            text_field("Activity code", "activity_code", default_value=form.activity_code),
        ),
        text_field("Expense code", "expense_code", default_value=form.expense_code),
    )
    return rx.el.form(
        rx.el.p(f"Line {form.number}", class_name="card-title"),
        long_field("Narrative", "narrative", default_value=form.narrative, auto_focus=True),
        rx.el.div(
            codes,
            text_field("Units", "units", default_value=form.units, input_mode="decimal"),
            text_field("Rate or cost", "unit_cost", default_value=form.unit_cost, input_mode="decimal"),
            class_name="field-row",
        ),
        rx.el.div(
            rx.button("Keep these changes", type="submit", size="2"),
            rx.button(
                "Write the line off", variant="soft", color_scheme="red", type="button", on_click=Correction.remove_line
            ),
            rx.button("Cancel", variant="soft", color_scheme="gray", type="button", on_click=Correction.close_line),
            class_name="form-buttons",
        ),
        key=form.number,
        on_submit=Correction.keep_line,
        class_name="line-form line-edit",
    )


def _changes() -> rx.Component:
    def change(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        undo = rx.el.button(
            "Undo",
            type="button",
            on_click=Correction.undo_line(row.number),
            class_name="line-change",
            aria_label=f"Undo the changes of line {row.number}",
        )
        return rx.el.li(rx.el.span(f"Line {row.number}", class_name="said-where"), rx.el.span(row.summary), undo)

    return rx.el.ul(rx.foreach(Correction.changed, change), aria_label="Changes", class_name="said")
