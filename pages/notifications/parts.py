"""What the three pages of notifications share: the way from one to the next."""

import reflex as rx

from models.enums import Role
from pages.ui.link import link
from pages.ui.may import may

_PLACES = (
    ("My notices", "/notifications", ()),
    ("What reaches me", "/notifications/preferences", ()),
    ("All messages", "/notifications/deliveries", (Role.ADMIN,)),
)


def places(current: str) -> rx.Component:
    """Return the pages in a row; the present one is marked."""
    return rx.el.nav(
        *(_place(label, href, href == current, roles) for label, href, roles in _PLACES),
        aria_label="Notifications",
        class_name="filters",
    )


def _place(label: str, href: str, is_current: bool, roles: tuple[Role, ...]) -> rx.Component:  # noqa: FBT001
    entry = link(
        label, href=href, class_name="filter", custom_attrs={"aria-current": "true" if is_current else "false"}
    )
    return rx.cond(may(*roles), entry) if roles else entry
