"""A link to what the server answers itself: a file, a picture, a place on the same page."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class PlainAnchor(BaseHTML):
    """The browser's own link.

    The framework's one looks for a page of ours at the address, finds none for a file, and drops filters before a '#'.
    """

    tag = "a"

    href: rx.Var[str]
    download: rx.Var[bool]
    target: rx.Var[str]
    rel: rx.Var[str]


def file_link(*children: rx.Component | rx.Var | str, href: rx.Var | str, **props: Any) -> rx.Component:  # noqa: ANN401
    """Return the link; props as of `rx.el.a`."""
    return PlainAnchor.create(*children, href=href, **props)
