"""Ending notification mails and reports by mail from the mail itself: no log-in, the link is enough.

Opening the link changes nothing, because mail scanners open every link; the page's button does, and so does the mail
program's own one (RFC 8058). Both post.
"""

from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from core.db import get_database, read_only
from core.errors import NotFoundError
from core.ids import correlated
from core.log import get_logger
from core.settings import get_settings
from services.notifications.unsubscribing import read_token, unsubscribe
from services.reporting.schedules import end_by_token, schedule_of_token

PATH = "/unsubscribe"
_PREFERENCES = "/notifications/preferences"
_TEMPLATE = Template((Path(__file__).parent / "templates" / "unsubscribe.html").read_text(encoding="utf-8"))
_BUTTON = '<form method="post"><button class="button" type="submit">{label}</button></form>'
_log = get_logger(__name__)


def unsubscribe_routes() -> list[Route]:
    """Return the routes under /unsubscribe; they run in a thread."""
    return [
        Route(f"{PATH}/{{token}}", show, methods=["GET"]),
        Route(f"{PATH}/{{token}}", end, methods=["POST"]),
        Route(f"{PATH}/report/{{token}}", show_report, methods=["GET"]),
        Route(f"{PATH}/report/{{token}}", end_report, methods=["POST"]),
    ]


def show(request: Request) -> Response:
    """Ask whether the mails are to end."""
    try:
        with read_only() as session:
            found = read_token(session, request.path_params["token"])
    except NotFoundError as unknown:
        return _page("This link does not hold", unknown.user_message, status=404)
    button = _BUTTON.format(label=escape(f"Stop {found.what}"))
    return _page(
        f"Stop {found.what}?", "The bell in the portal goes on, and so do texts and chat if you chose them.", button
    )


def end(request: Request) -> Response:
    """End the mails, as often as it is asked for."""
    with correlated():
        try:
            found = get_database().transact(lambda session: unsubscribe(session, request.path_params["token"]))
        except NotFoundError as unknown:
            return _page("This link does not hold", unknown.user_message, status=404)
        _log.info("notifications:unsubscribed", user_id=found.user_id, kind=found.kind or "all")
    return _page(
        "Done", f"You get no {found.what.removeprefix('all ')} any more. You can choose them again at any time."
    )


def show_report(request: Request) -> Response:
    """Ask whether a report is to come no more."""
    try:
        with read_only() as session:
            _, name = schedule_of_token(session, request.path_params["token"])
    except NotFoundError as unknown:
        return _page("This link does not hold", unknown.user_message, status=404)
    button = _BUTTON.format(label="Stop this report")
    return _page(f"Stop “{name}”?", "This report comes by mail no more. Everything else goes on.", button)


def end_report(request: Request) -> Response:
    """End a report by mail, as often as it is asked for."""
    with correlated():
        try:
            name = get_database().transact(lambda session: end_by_token(session, request.path_params["token"]))
        except NotFoundError as unknown:
            return _page("This link does not hold", unknown.user_message, status=404)
        _log.info("reports:ended_by_link")
    return _page("Done", f"“{name}” comes no more. You can ask for it again on the page Reports at any time.")


def _page(title: str, text: str, action: str = "", *, status: int = 200) -> HTMLResponse:
    settings = get_settings()
    page = _TEMPLATE.substitute(
        firm=escape(settings.firm_name),
        environment=escape(settings.environment),
        title=escape(title),
        text=escape(text),
        action=action,
        preferences=_PREFERENCES,
    )
    return HTMLResponse(page, status_code=status, headers={"cache-control": "no-store"})
