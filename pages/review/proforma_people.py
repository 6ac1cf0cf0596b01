"""Who has the proforma, beside its lines: in whose place the viewer acts, who looks at it, who approves it next."""

from typing import Any

import reflex as rx

from pages.review.handing_dialogs import handing_dialogs
from pages.review.review_dialogs import return_dialog
from pages.ui.callout import notice
from pages.ui.keys import pressed_by
from pages.ui.result import result_bar
from state.review.proforma_people import ProformaPeople


def people_button() -> rx.Component:
    """Return the button that opens what else may be done: hold, forward, give back, remind."""
    button = rx.el.button(
        rx.icon("ellipsis", size=18, aria_hidden="true"),
        type="button",
        on_click=ProformaPeople.open_sheet(ProformaPeople.item_id),
        aria_label="Forward and more",
        title="Forward and more",
        custom_attrs=pressed_by("m"),
        class_name="icon-button",
    )
    return rx.cond(ProformaPeople.item_id != "", button)


def proforma_people() -> rx.Component:
    """Return what is worth knowing of the people, and the questions."""
    hands = rx.cond(
        ProformaPeople.hands_note != "",
        f"{ProformaPeople.hands}: “{ProformaPeople.hands_note}”",
        ProformaPeople.hands,
    )
    steps = rx.el.section(
        rx.el.ul(rx.foreach(ProformaPeople.steps, _step), class_name="approval-steps"),
        aria_label="Steps of its approval",
    )
    return rx.fragment(
        result_bar(ProformaPeople.done, on_dismiss=ProformaPeople.dismiss),
        rx.cond(ProformaPeople.part != "", notice(ProformaPeople.part, tone="blue", icon="user-check")),
        rx.cond(ProformaPeople.hands != "", notice(hands, tone="blue", icon="forward")),
        rx.cond(ProformaPeople.mended != "", notice(ProformaPeople.mended, tone="blue", icon="wrench")),
        rx.cond(ProformaPeople.steps.length() > 0, steps),
        handing_dialogs(ProformaPeople, rx.fragment()),
        return_dialog(ProformaPeople),
    )


def _step(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    given = rx.el.span(rx.icon("check", size=13, aria_hidden="true"), row.stage, class_name="badge badge-green")
    asked = rx.el.span(rx.icon("hourglass", size=13, aria_hidden="true"), row.stage, class_name="badge badge-blue")
    return rx.el.li(
        rx.match(row.tone, ("green", given), ("blue", asked), rx.el.span(row.stage, class_name="badge")),
        rx.el.span(row.who, " ", row.stands),
        rx.cond(row.note != "", rx.el.span(f"“{row.note}”", class_name="muted")),
    )
