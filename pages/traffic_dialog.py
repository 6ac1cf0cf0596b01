"""The dialog that pauses or resumes a carrier or a whole account, and the buttons that open it."""

import reflex as rx

from pages.ui.note_dialog import note_dialog, note_field
from state.traffic import Traffic


def traffic_dialog() -> rx.Component:
    """Return the dialog; once a page."""
    what = rx.cond(
        Traffic.kind == "account",
        "All traffic of the account: every carrier that shares it.",
        "This carrier alone; others of the same account go on.",
    )
    hint = rx.cond(
        Traffic.is_paused, " Waiting files go at once.", " A file under way is finished first; nothing is lost."
    )
    return note_dialog(
        is_open=Traffic.kind != "",
        on_open_change=Traffic.close,
        on_submit=Traffic.carry_out,
        title=rx.cond(Traffic.is_paused, f"Resume {Traffic.name}?", f"Pause {Traffic.name}?"),
        text=rx.fragment(what, hint),
        fields=(note_field(rx.cond(Traffic.is_paused, "Note (optional)", "Reason"), is_required=~Traffic.is_paused),),
        problem=Traffic.problem,
        action=rx.button(rx.cond(Traffic.is_paused, "Resume", "Pause"), type="submit"),
    )


def traffic_button(
    kind: str,
    target: rx.Var[str],
    name: rx.Var[str],
    is_paused: rx.Var[bool],
) -> rx.Component:
    """Return the button that asks to pause or resume; `kind` is 'carrier' or 'account'."""
    icon = rx.cond(
        is_paused,
        rx.icon("play", size=15, aria_hidden="true"),
        rx.icon("pause", size=15, aria_hidden="true"),
    )
    verb = rx.cond(is_paused, "Resume", "Pause")
    return rx.el.button(
        icon,
        rx.el.span(kind.capitalize()),
        type="button",
        on_click=Traffic.ask(kind, target, name, is_paused),
        aria_label=f"{verb} {kind} {name}",
        title=f"{verb} {kind} {name}",
        class_name=rx.cond(is_paused, "traffic paused", "traffic"),
    )
