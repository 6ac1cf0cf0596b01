"""Every page of the portal: its address, title, content and what it loads. The one place to add a page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from pages.audit import audit
from pages.not_found import not_found
from pages.proforma import proforma
from pages.review import review
from pages.today import today
from pages.ui.navigation import PRODUCT
from state.audit import AuditTrail
from state.proforma import ProformaPage
from state.review import ReviewQueue
from state.today import Today
from state.viewer import Viewer


@dataclass(frozen=True)
class Page:
    """One page; `on_load` runs after the viewer is known, background watchers last."""

    route: str
    title: str
    content: Callable[[], rx.Component]
    on_load: tuple[Any, ...] = ()


PAGES = (
    Page("/", "Today", today, (Today.load, Today.watch)),
    Page("/review", "Review", review, (ReviewQueue.load, ReviewQueue.watch)),
    Page("/proforma/[proforma_id]", "Proforma", proforma, (ProformaPage.load, ProformaPage.watch)),
    Page("/audit", "Audit trail", audit, (AuditTrail.load, AuditTrail.watch)),
    Page("404", "Page not found", not_found),
)


def add_pages(app: rx.App) -> None:
    """Register every page with the app."""
    for page in PAGES:
        app.add_page(
            page.content,
            route=page.route,
            title=f"{page.title} · {PRODUCT}",
            on_load=[Viewer.load, *page.on_load],
            meta=[{"name": "robots", "content": "noindex, nofollow"}],
        )
