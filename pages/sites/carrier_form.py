"""The dialog that makes a new carrier."""

import reflex as rx

from pages.ui.fields import text_field
from pages.ui.note_dialog import note_dialog
from state.sites.carrier_form import CarrierForm


def new_carrier_button() -> rx.Component:
    """Return the button that opens the dialog."""
    return rx.button(rx.icon("plus", size=15, aria_hidden="true"), "New carrier", on_click=CarrierForm.ask(True))


def new_carrier_dialog() -> rx.Component:
    """Return the dialog: an account that is there, or a new site with one."""
    choice = rx.el.label(
        rx.el.span("Where its bills go", class_name="field-label"),
        rx.el.select(
            rx.el.option("A new site", value=""),
            rx.foreach(CarrierForm.accounts, lambda one: rx.el.option(one[1], value=one[0])),
            value=CarrierForm.account,
            on_change=CarrierForm.choose_account,
            class_name="choice",
        ),
        class_name="field-block",
    )
    site = rx.fragment(
        text_field("The site's name", "site", required=True, max_length=120),
        text_field("Address, as https://portal.carrier.example", "origin", required=True, spell_check=False),
        text_field("Platform (vendor system), if known", "platform", max_length=60),
        text_field("Account's label, as “Main”", "label", required=True, max_length=80, default_value="Main"),
        text_field("The firm's id for this account (tax id)", "law_firm_id", required=True, max_length=20),
    )
    return note_dialog(
        is_open=CarrierForm.is_open,
        on_open_change=CarrierForm.ask,
        on_submit=CarrierForm.create,
        title="New carrier",
        text="It can be walked through as soon as it has steps and a log-in; files go once a permission is recorded.",
        fields=(
            text_field("Carrier", "name", required=True, max_length=120),
            text_field("Client code (LEDES CLIENT_ID)", "client_code", required=True, max_length=20, spell_check=False),
            choice,
            rx.cond(CarrierForm.account == "", site),
        ),
        problem=CarrierForm.problem,
        action=rx.button("Create carrier", type="submit"),
    )
