"""The app itself, as the framework imports it."""

import reflex as rx

from billing_app.deny import DenyByDefault
from billing_app.doorway import Doorway
from billing_app.failures import explain
from billing_app.head import head
from billing_app.headers import SecurityHeaders
from billing_app.routes import add_pages
from billing_app.web import web_routes
from core.log import configure_logging
from core.memory import settle
from state.live import run_change_feed

configure_logging()

app = rx.App(
    html_lang="en",
    stylesheets=[
        "/billing.css",
        "/review.css",
        "/desk.css",
        "/ledes.css",
        "/guidelines.css",
        "/profile.css",
        "/rejections.css",
        "/notifications.css",
        "/papers.css",
        "/cycle.css",
        "/reports.css",
    ],
    head_components=head(),
    toaster=rx.toast.provider(position="bottom-right", close_button=True, visible_toasts=3),
    backend_exception_handler=explain,
    api_transformer=[web_routes(), Doorway, SecurityHeaders],
)
app.add_middleware(DenyByDefault(), 0)
app.register_lifespan_task(settle)
app.register_lifespan_task(run_change_feed)
add_pages(app)
