"""My absence: when I am away and who stands in, who acts for me, for whom I act, how much I approve at once."""

import reflex as rx

from models.enums import Role
from pages.review.standing_in import absences, delegations
from pages.ui.callout import error_callout
from pages.ui.page_header import page_header
from pages.ui.result import result_bar
from pages.ui.shell import shell
from state.review.standing_in import StandingIn


def my_absence() -> rx.Component:
    """Return the page."""
    return shell(
        page_header("My absence", "Who stands in while you are away, and who acts for you when you are there"),
        result_bar(StandingIn.done, on_dismiss=StandingIn.dismiss),
        rx.cond(StandingIn.is_loading, _skeleton(), _content()),
        current="/absence",
        roles=(Role.ATTORNEY, Role.ADMIN),
    )


def _content() -> rx.Component:
    return rx.fragment(
        absences("Away", "You have entered no absence, and stand in for nobody."),
        delegations("Acting for each other", "Nobody acts for you, and you act for nobody."),
        rx.cond(StandingIn.is_attorney, _cap()),
    )


def _cap() -> rx.Component:
    field = rx.el.label(
        rx.el.span(f"Approve up to, in dollars; the firm allows {StandingIn.most}", class_name="field-label"),
        rx.el.input(
            name="cap",
            default_value=StandingIn.cap,
            key=StandingIn.cap,
            input_mode="decimal",
            required=True,
            auto_complete="off",
            class_name="field",
        ),
        class_name="field-block",
    )
    form = rx.el.form(
        field,
        rx.button("Save", type="submit", variant="outline", color_scheme="gray"),
        on_submit=StandingIn.save_cap,
        class_name="desk-form",
    )
    return rx.el.section(
        rx.el.h2("Approving many at once", class_name="panel-title"),
        error_callout(StandingIn.cap_problem),
        form,
        class_name="desk-section",
    )


def _skeleton() -> rx.Component:
    bar = rx.el.div(class_name="skeleton")
    return rx.el.div(
        *(rx.el.div(bar, bar, class_name="skeleton-row tall") for _ in range(4)),
        rx.el.span("Loading", role="status", class_name="sr-only"),
        class_name="skeleton-frame",
    )
