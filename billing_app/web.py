"""The HTTP routes beside the pages: sign-in, files, the end of mails, health, and an answer for programs."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from billing_app.auth import auth_routes
from billing_app.exports import export_routes
from billing_app.files import file_routes
from billing_app.health import healthz
from billing_app.report_files import report_routes
from billing_app.sign_in_page import show_sign_in
from billing_app.unsubscribe import unsubscribe_routes

_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def web_routes() -> Starlette:
    """Return the routes as the app that the pages are mounted in."""
    return Starlette(
        routes=[
            Route("/healthz", healthz, methods=["GET"]),
            Route("/sign-in", show_sign_in, methods=["GET"]),
            auth_routes(),
            *file_routes(),
            *unsubscribe_routes(),
            *export_routes(),
            *report_routes(),
            Route("/api", unknown_address, methods=_ALL_METHODS),
            Route("/api/{rest:path}", unknown_address, methods=_ALL_METHODS),
        ]
    )


async def unknown_address(_request: Request) -> JSONResponse:
    """Answer programs in their own language instead of with a page."""
    return JSONResponse({"code": "not_found", "message": "There is no such address here."}, status_code=404)
