"""A link inside the portal: changes the page without reloading it."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink


def link(*children: rx.Component | rx.Var | str, href: rx.Var | str, **props: Any) -> rx.Component:  # noqa: ANN401
    """Return a plain anchor to a page of ours; props as of `rx.el.a`."""
    return ReactRouterLink.create(*children, to=href, **props)
