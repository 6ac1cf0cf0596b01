"""The frame of every page: skip link, navigation, top bar, main landmark, palette."""

import reflex as rx

from models.enums import Role
from pages.ui.bell import bell
from pages.ui.empty_state import empty_state
from pages.ui.file_link import file_link
from pages.ui.link import link
from pages.ui.may import may
from pages.ui.navigation import NAVIGATION, PRODUCT, WAITING, NavItem
from pages.ui.palette import palette, palette_button
from pages.ui.person_menu import color_mode_button, person_menu
from state.viewer import Viewer
from state.waiting import Waiting


def shell(*content: rx.Component, current: str, roles: tuple[Role, ...] = ()) -> rx.Component:
    """Return a page in its frame.

    `current` is the address whose entry in the navigation is marked. People with none of `roles` are told so
    instead of being shown an empty page; the handlers refuse them on their own.
    """
    return rx.el.div(
        # A landmark of its own: content outside of landmarks is easily missed by screen readers.
        rx.el.nav(_skip_link(), aria_label="Shortcuts"),
        _navigation(current),
        rx.el.div(
            _top_bar(),
            rx.el.main(_for_roles(roles, *content), id="content", tab_index=-1, class_name="content"),
            class_name="stage",
        ),
        class_name="shell",
    )


def _skip_link() -> rx.Component:
    return file_link("Skip to content", href="#content", class_name="skip-link")


def _for_roles(roles: tuple[Role, ...], *content: rx.Component) -> rx.Component:
    page = rx.fragment(*content)
    if not roles:
        return page
    refused = empty_state(
        "This page is not for your role",
        "Nothing is wrong with your account; ask an administrator if you need this page.",
        icon="lock",
    )
    return rx.cond((Viewer.roles.length() == 0) | may(*roles), page, refused)


def _navigation(current: str) -> rx.Component:
    brand = link(
        rx.el.img(src="/icon.svg", alt="", width="24", height="24"),
        rx.el.span(PRODUCT, class_name="nav-label"),
        href="/",
        class_name="brand",
    )
    entries = (_nav_entry(item, item.href == current) for item in NAVIGATION)
    waiting = rx.cond(Waiting.count != "", _nav_entry(WAITING, current == WAITING.href, Waiting.count))
    items = rx.el.ul(*entries, waiting, class_name="nav-list")
    return rx.el.nav(brand, items, aria_label="Main", class_name="side")


def _nav_entry(item: NavItem, is_current: bool, count: rx.Var[str] | None = None) -> rx.Component:  # noqa: FBT001
    entry = rx.el.li(
        link(
            rx.icon(item.icon, size=18, aria_hidden="true"),
            rx.el.span(item.label, class_name="nav-label"),
            *([] if count is None else [rx.el.span(count, class_name="nav-count")]),
            href=item.href,
            title=item.label,
            class_name="nav-link",
            custom_attrs={"aria-current": "page"} if is_current else {},
        ),
        class_name="nav-primary" if item.is_primary else "nav-secondary",
    )
    return rx.cond(may(*item.roles), entry) if item.roles else entry


def _top_bar() -> rx.Component:
    environment = rx.cond(Viewer.environment != "", rx.el.span(Viewer.environment, class_name="environment"))
    return rx.el.header(
        palette_button(),
        rx.el.div(environment, bell(), color_mode_button(), person_menu(), class_name="top-end"),
        # In the banner, so that the open dialog too stands within a landmark.
        palette(),
        class_name="top-bar",
    )
