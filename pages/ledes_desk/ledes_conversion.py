"""A LEDES file in another format: what would be lost, what must be given, and then the file."""

from typing import Any

import reflex as rx

from pages.ui.callout import error_callout, notice
from pages.ui.empty_state import empty_state
from pages.ui.fields import text_field
from pages.ui.link import link
from state.ledes_desk.ledes_conversion import LedesConversion


def conversion_view() -> rx.Component:
    """Return the formats, and what stands between the file and the chosen one."""
    shown = rx.cond(
        LedesConversion.to == "",
        empty_state("Into which format?", "Choose one above. Nothing is made before you have seen what it costs."),
        rx.fragment(_outcome(), _needed(), _losses(), _replaced(), _faults()),
    )
    return rx.fragment(
        _formats(), error_callout(LedesConversion.problem), error_callout(LedesConversion.failure), shown
    )


def _formats() -> rx.Component:
    def choice(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
        current = rx.cond(LedesConversion.to == one.value, "true", "false")
        return link(one.label, href=one.href, class_name="chip", custom_attrs={"aria-current": current})

    return rx.el.nav(rx.foreach(LedesConversion.formats, choice), aria_label="Format", class_name="chips")


def _outcome() -> rx.Component:
    make = rx.button("Make the file", on_click=LedesConversion.make)
    ready = notice(LedesConversion.summary, make, tone="green", icon="circle-check")
    waits = rx.cond(LedesConversion.summary != "", notice(LedesConversion.summary, tone="amber"))
    return rx.cond(LedesConversion.is_ready, ready, waits)


def _needed() -> rx.Component:
    def field(one: Any) -> rx.Component:  # noqa: ANN401
        return text_field(one.label, one.name, placeholder=one.hint, max_length=200)

    form = rx.el.form(
        rx.el.div(rx.foreach(LedesConversion.needed, field), class_name="needed-fields"),
        rx.el.div(rx.button("Use these values", type="submit"), class_name="dialog-buttons"),
        on_submit=LedesConversion.give,
    )
    told = "The format requires these, and the file does not say them. They are never made up; give them here."
    asked = rx.cond(LedesConversion.needed.length() > 0, _box("Needed", rx.el.p(told), form))
    back = rx.el.button("Take them back", type="button", on_click=LedesConversion.take_back, class_name="plain-button")
    given = rx.el.div(rx.el.p(rx.el.span("Given: ", class_name="muted"), LedesConversion.given_text), back)
    return rx.fragment(rx.cond(LedesConversion.given_text != "", rx.el.div(given, class_name="bench-box given")), asked)


def _losses() -> rx.Component:
    box = rx.el.label(
        rx.el.input(type="checkbox", checked=LedesConversion.allows_loss, on_change=LedesConversion.allow),
        rx.el.span("Leave these values out of the new file"),
        class_name="bench-check",
    )
    return rx.cond(
        LedesConversion.loss_text != "",
        _box(
            "Would be lost",
            rx.el.p(LedesConversion.loss_text),
            _notes(LedesConversion.losses),
            rx.cond(LedesConversion.can_allow, box),
        ),
    )


def _replaced() -> rx.Component:
    told = rx.el.p("This format carries plain ASCII, so these characters are replaced. ", LedesConversion.replaced_text)
    return rx.cond(
        LedesConversion.replaced.length() > 0,
        _box("Would be replaced", told, _notes(LedesConversion.replaced)),
    )


def _faults() -> rx.Component:
    return rx.cond(LedesConversion.faults.length() > 0, _box("Stands against it", _notes(LedesConversion.faults)))


def _notes(notes: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.ul(
        rx.foreach(
            notes,
            lambda one: rx.el.li(
                rx.el.span(one.place, class_name="said-where"),
                rx.el.span(rx.cond(one.field != "", rx.el.code(one.field, class_name="tag")), " ", one.text),
            ),
        ),
        class_name="bench-notes",
    )


def _box(title: str, *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="section-title"), *content, aria_label=title, class_name="bench-box"
    )
