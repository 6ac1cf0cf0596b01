"""What else may be done with one proforma: hold, forward, give and take back, remind; on the queue and on its page."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout
from pages.ui.note_dialog import note_dialog, note_field


def handing_dialogs(state: Any, first: rx.Component) -> rx.Component:  # noqa: ANN401 -- a state with Handing mixed in
    """Return the sheet of steps, beginning with `first`, and the questions of those that want words."""
    return rx.fragment(_sheet(state, first), _forward(state), _give_back(state))


def _sheet(state: Any, first: rx.Component) -> rx.Component:  # noqa: ANN401
    sheet = state.sheet
    steps = rx.el.div(
        first,
        sheet_step(sheet.can_hold, "pause", "Hold", state.hold),
        sheet_step(sheet.can_forward, "forward", "Forward to another attorney", state.ask_forward),
        sheet_step(sheet.can_give_back, "reply", "Give it back with an answer", state.ask_give_back),
        sheet_step(sheet.can_take_back, "corner-up-left", "Take it back", state.take_back),
        sheet_step(sheet.can_remind, "bell-ring", "Remind whom it waits for", state.remind),
        rx.cond(sheet.is_empty, rx.el.p("There is nothing more to do with it here.", class_name="muted")),
        class_name="sheet-steps",
    )
    is_open = (sheet.title != "") & (state.forwarding == "") & ~state.giving_back
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(sheet.title),
            rx.dialog.description(rx.cond(sheet.hands != "", sheet.hands, "What else would you like to do with it?")),
            error_callout(state.sheet_problem),
            steps,
            rx.el.div(
                rx.dialog.close(rx.button("Close", variant="soft", color_scheme="gray")), class_name="dialog-buttons"
            ),
            max_width="420px",
            class_name="sheet",
        ),
        open=is_open,
        on_open_change=state.close_sheet,
    )


def sheet_step(is_there: Any, icon: str, words: str, does: Any) -> rx.Component:  # noqa: ANN401 -- a Var and an event
    """Return one step of the sheet, shown while it is possible."""
    button = rx.el.button(
        rx.icon(icon, size=18, aria_hidden="true"), words, type="button", on_click=does, class_name="sheet-step"
    )
    return rx.cond(is_there, button)


def _forward(state: Any) -> rx.Component:  # noqa: ANN401
    who = rx.el.label(
        rx.el.span("Who should look at it?", class_name="field-label"),
        rx.el.select(
            rx.el.option("Choose an attorney", value=""),
            rx.foreach(state.forward_people, lambda one: rx.el.option(one[1], value=one[0])),
            name="to",
            required=True,
            class_name="choice field",
        ),
        class_name="field-block",
    )
    authority = rx.cond(
        state.can_hand_on,
        rx.el.label(
            rx.el.input(type="checkbox", name="with_authority"),
            rx.el.span("May approve or return it in my place"),
            class_name="check-line",
        ),
    )
    return note_dialog(
        is_open=state.forwarding != "",
        on_open_change=state.close_forward,
        on_submit=state.forward,
        title=f"Forward {state.forwarding}",
        text="You stay responsible and can take it back at any time. Both of you find it under Forwarded.",
        fields=(who, note_field("What should be looked at?", is_required=True), authority),
        problem=state.forward_problem,
        action=rx.button("Forward", type="submit"),
    )


def _give_back(state: Any) -> rx.Component:  # noqa: ANN401
    return note_dialog(
        is_open=state.giving_back,
        on_open_change=state.close_give_back,
        on_submit=state.give_back,
        title=f"Give {state.sheet.title} back",
        text=state.sheet.hands,
        fields=(note_field("Your answer", is_required=True),),
        problem=state.give_back_problem,
        action=rx.button("Give back", type="submit"),
    )
