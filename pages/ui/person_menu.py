"""The end of the top bar: light or dark, who is signed in, and signing out."""

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from models.enums import Role
from pages.ui.keys import letter_keys
from pages.ui.link import link
from pages.ui.may import may
from state.viewer import Viewer


class PostForm(BaseHTML):
    """A form that the browser itself sends; the framework's own one always prevents that."""

    tag = "form"

    method: rx.Var[str] = rx.Var.create("post")
    action: rx.Var[str]


def color_mode_button() -> rx.Component:
    """Return the button between light and dark; the system's choice holds until it is pressed."""
    moon, sun = (rx.icon(name, size=18, aria_hidden="true") for name in ("moon", "sun"))
    return rx.el.button(
        rx.color_mode_cond(moon, sun),
        type="button",
        on_click=rx.toggle_color_mode,
        aria_label="Switch between light and dark",
        title="Light or dark",
        class_name="icon-button",
    )


def person_menu() -> rx.Component:
    """Return the viewer's initials, opening to name, roles and sign-out."""
    absence = link(
        rx.icon("tree-palm", size=16, aria_hidden="true"), "My absence", href="/absence", class_name="menu-item"
    )
    sign_out = PostForm.create(
        rx.el.button(
            rx.icon("log-out", size=16, aria_hidden="true"), "Sign out", type="submit", class_name="menu-item"
        ),
        action="/auth/logout",
    )
    return rx.el.details(
        rx.el.summary(
            rx.el.span(Viewer.initials, aria_hidden="true"),
            rx.el.span("Your account", class_name="sr-only"),
            class_name="avatar",
        ),
        rx.el.div(
            rx.el.p(Viewer.name, class_name="menu-name"),
            rx.el.p(Viewer.email, class_name="menu-detail"),
            rx.el.p(Viewer.roles.join(", "), class_name="menu-detail capitalize"),
            rx.el.hr(class_name="menu-line"),
            rx.cond(may(Role.ATTORNEY, Role.ADMIN), absence),
            letter_keys("menu-item"),
            sign_out,
            class_name="menu",
        ),
        class_name="person-menu",
    )
