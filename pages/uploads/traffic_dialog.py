"""The dialog that pauses or resumes a carrier or a whole account, and the buttons that open it."""

import reflex as rx

from pages.ui.callout import notice
from pages.ui.note_dialog import note_dialog, note_field
from state.uploads.traffic import Traffic


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
        fields=(
            rx.cond(Traffic.is_login_refused, _same_login()),
            note_field(
                rx.cond(Traffic.is_paused & ~Traffic.is_login_refused, "Note (optional)", "Reason"),
                is_required=~Traffic.is_paused | Traffic.is_login_refused,
            ),
        ),
        problem=Traffic.problem,
        action=rx.button(rx.cond(Traffic.is_paused, "Resume", "Pause"), type="submit"),
    )


def _same_login() -> rx.Component:
    """Return why the account cannot simply go on, and the way to let the same log-in be tried again."""
    return rx.fragment(
        notice(
            "The site refused the stored log-in. Store the right one under Log-in: the account then goes on by itself."
        ),
        rx.el.label(
            rx.el.input(type="checkbox", name="same_login"),
            rx.el.span("Try the same log-in again: the carrier unlocked the account, or says that it is right."),
            class_name="check-line",
        ),
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
