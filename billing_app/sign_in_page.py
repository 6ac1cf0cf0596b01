"""The sign-in page: served by itself, so that nobody who is not signed in ever opens a socket."""

from enum import StrEnum
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from billing_app.local_path import local_path
from core.settings import get_settings
from state.doorkeeper import recognise

_TEMPLATE = Template((Path(__file__).parent / "templates" / "sign_in.html").read_text())


class Problem(StrEnum):
    """Why the page is shown, by the sentence it shows."""

    SESSION_ENDED = "Your session has ended. What you had saved is kept; sign in to go on where you were."
    SIGNED_OUT = "You are signed out."
    FAILED = "Signing in did not work, and nothing was changed. Start again from here."
    PROVIDER_AWAY = "The firm's identity provider does not answer, so nobody can sign in just now. Try in a minute."
    FOREIGN_ORIGIN = "This request did not come from the portal's own pages, so nothing was changed."


_FROM_ADDRESS = {"session_ended": Problem.SESSION_ENDED, "signed_out": Problem.SIGNED_OUT}


def show_sign_in(request: Request) -> Response:
    """Answer `GET /sign-in?next=/path&problem=code`; who is signed in goes straight on. Runs in a thread."""
    wanted = local_path(request.query_params.get("next", ""))
    if recognise(request.headers.get("cookie", "")) is not None:
        return RedirectResponse(wanted, status_code=303)
    return sign_in_page(_FROM_ADDRESS.get(request.query_params.get("problem", ""), ""), wanted=wanted)


def sign_in_page(problem: str, *, status: int = 200, wanted: str = "/") -> HTMLResponse:
    """Return the page with the sentence that says why it is shown, if any."""
    settings = get_settings()
    is_calm = problem in {Problem.SIGNED_OUT, Problem.SESSION_ENDED}
    callout = f'<p class="callout{" calm" if is_calm else ""}" role="alert">{escape(problem)}</p>' if problem else ""
    page = _TEMPLATE.substitute(
        firm=escape(settings.firm_name),
        environment=escape(settings.environment),
        callout=callout,
        login=escape(f"/auth/login?next={quote(wanted, safe='')}"),
    )
    return HTMLResponse(page, status_code=status)
