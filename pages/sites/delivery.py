"""The dialog in which an administrator says how a payor takes its invoices."""

from typing import Any

import reflex as rx

from models.enums import DeliveryChannel
from pages.ui.fields import long_field
from pages.ui.note_dialog import note_dialog
from state.sites.delivery import DeliveryForm

_CHANNELS = (
    (DeliveryChannel.SITE, "Uploaded to its site"),
    (DeliveryChannel.EMAIL, "By e-mail"),
    (DeliveryChannel.PAPER, "On paper, by post"),
)


def delivery_button(row: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    """Return the button of one payor."""
    return rx.el.button(
        rx.icon("mail", size=15, aria_hidden="true"),
        "Delivery",
        type="button",
        on_click=DeliveryForm.open(row.id),
        aria_label=f"Delivery: how {row.name} takes its invoices",
        class_name="traffic",
    )


def delivery_dialog() -> rx.Component:
    """Return the dialog; once a page."""
    channels = rx.el.fieldset(
        rx.el.legend("How it takes invoices", class_name="field-label"),
        *(_channel(channel, label) for channel, label in _CHANNELS),
        class_name="choices",
    )
    emails = long_field(
        "E-mail addresses for invoices, with commas between them", "emails", rows="2", default_value=DeliveryForm.emails
    )
    address = long_field(
        "Postal address, without its name; stands on every invoice",
        "address",
        rows="4",
        default_value=DeliveryForm.address,
    )
    extras = rx.cond(
        DeliveryForm.channel == DeliveryChannel.SITE.value,
        rx.fragment(),
        rx.fragment(
            _tick("has_cover_letter", "The cover letter goes along", DeliveryForm.has_cover_letter),
            rx.cond(
                DeliveryForm.channel == DeliveryChannel.EMAIL.value,
                _tick("has_ledes_file", "The LEDES file goes along", DeliveryForm.has_ledes_file),
            ),
        ),
    )
    return note_dialog(
        is_open=DeliveryForm.is_open,
        on_open_change=DeliveryForm.close,
        on_submit=DeliveryForm.save,
        title=f"Invoices for {DeliveryForm.payor}",
        text="It holds from the next invoice that is queued. Every change is in the audit trail.",
        fields=(
            rx.el.div(channels, emails, address, extras, key=DeliveryForm.round.to_string(), class_name="login-fields"),
        ),
        problem=DeliveryForm.problem,
        action=rx.button("Save", type="submit"),
    )


def _channel(channel: DeliveryChannel, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="channel",
            value=channel.value,
            checked=DeliveryForm.channel == channel.value,
            on_change=lambda _on: DeliveryForm.choose(channel.value),
        ),
        label,
        class_name="choice-line",
    )


def _tick(name: str, label: str, checked: rx.Var[bool]) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, value="yes", default_checked=checked), label, class_name="choice-line"
    )
