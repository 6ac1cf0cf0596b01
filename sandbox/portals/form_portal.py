"""Platforms whose log-in is one form of two fields: what their pages share, told apart by templates and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import Html, brand, fill
from sandbox.portals.platform import Page, Platform, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import Post


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses of log-in, log-out and first page, and the two fields of the form."""

    log_in: str
    log_out: str
    home: str
    user_field: str
    password_field: str


class FormPortal(Platform):
    """A site with a one-form log-in; `folder` holds its templates, `notices` are ids and words of its plain pages."""

    folder: ClassVar[str]
    doors: ClassVar[Doors]
    notices: ClassVar[Mapping[FaultKind, tuple[str, str]]]
    log_in_faults: ClassVar[Mapping[SignIn, str]]

    def entrance(self) -> list[Page]:
        """Return the pages up to the first one behind the log-in."""
        return [
            Page("GET", "/", PageKind.LOGIN, self.start, is_open=True),
            Page("GET", self.doors.log_in, PageKind.LOGIN, self.login, is_open=True),
            Page("POST", self.doors.log_in, PageKind.LOGIN, self.log_in, is_open=True),
            Page("GET", self.doors.log_out, PageKind.HOME, self.log_out, is_open=True),
            Page("GET", self.doors.home, PageKind.HOME, self.home),
        ]

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:  # noqa: ARG002 - no script
        """Answer with a page of one sentence."""
        name, text = self.notices[kind]
        return self.page("Notice", self.part("notice", name=name, text=text), None, status)

    def ask_for_log_in(self) -> Response:
        """Send the visitor to the log-in."""
        return see(self.doors.log_in)

    async def start(self, _request: Request, session: Session | None) -> Response:
        """Send the visitor in, or to the log-in."""
        return see(self.doors.home if session else self.doors.log_in)

    async def login(self, _request: Request, _session: Session | None) -> Response:
        """Show the log-in."""
        return self.page("Log in", self.part("login", message=""), None)

    async def log_in(self, request: Request, _session: Session | None) -> Response:
        """Check user name and password."""
        username = await posted_text(request, self.doors.user_field)
        outcome, account = self.desk.sign_in(username, await posted_text(request, self.doors.password_field))
        if account is not None:
            return self.enter(see(self.doors.home), self.desk.sessions.open(account))
        if outcome is SignIn.EXPIRED:
            return self.notice(FaultKind.EXPIRED_PASSWORD, 200)
        message = self.part("fault", text=self.log_in_faults[outcome])
        return self.page("Log in", self.part("login", message=message), None)

    async def log_out(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        return self.leave(request)

    async def home(self, _request: Request, session: Session | None) -> Response:
        """Show the first page after the log-in."""
        return self.page("Home", self.part("home", username=session.account.username if session else ""), session)

    def asked(self, request: Request) -> Post | None:
        """Return the post that the address names."""
        return self.desk.store.post(request.path_params["post_id"], self.desk.site.slug)

    def part(self, template: str, /, **values: object) -> Html:
        """Fill one of the platform's templates."""
        return fill(f"{self.folder}/{template}.html", **values)

    def page(self, heading: str, body: Html, session: Session | None, status: int = 200) -> Response:
        """Return a whole page."""
        site = self.desk.site
        menu = self.part("menu") if session else ""
        whole = self.part("frame", heading=heading, title=site.title, brand=brand(site.slug), menu=menu, body=body)
        return HTMLResponse(whole, status)
