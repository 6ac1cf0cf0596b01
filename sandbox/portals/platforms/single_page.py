"""Platform 3: one page of script over JSON, with a drop zone and toasts."""

from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.portals.bill import dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import approved_amount, brand, fill
from sandbox.portals.platform import Page, Platform, page_number, posted_file_of_script, posted_text
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, Post
from sandbox.portals.wording import status_of, written_at

_NOTICES = {
    FaultKind.MAINTENANCE: ("down", "Connect is temporarily unavailable for maintenance."),
    FaultKind.SERVER_ERROR: ("crash", "Something went wrong on our side. Please try again."),
    FaultKind.CHALLENGE: ("human-check", "Checking that you are human"),
}
_LOG_IN_FAULTS = {
    SignIn.BAD: "Incorrect username or password",
    SignIn.LOCKED: "Account locked. Please contact Connect support.",
    SignIn.EXPIRED: "Password expired. Reset it to continue.",
}


class SinglePagePortal(Platform):
    """The Connect application of lakeshore and atlas."""

    cookie = "connect.sid"
    assets = ("single.css", "single.js")
    new_labels: ClassVar[dict[str, str]] = {
        ">Transmit invoice<": ">Go<",
        "Drag your LEDES file here or browse": "Add a document",
    }

    def pages(self) -> list[Page]:
        """Return the shell and the JSON behind it."""
        return [
            Page("GET", "/", PageKind.UPLOAD, self.shell, is_open=True),
            Page("POST", "/api/session", PageKind.LOGIN, self.log_in, is_open=True),
            Page("DELETE", "/api/session", PageKind.HOME, self.log_out, is_open=True),
            Page("POST", "/api/uploads", PageKind.SUBMIT, self.submit),
            Page("GET", "/api/invoices", PageKind.LIST, self.invoices),
            Page("GET", "/api/invoices/{post_id:int}", PageKind.RESULT, self.detail),
        ]

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:
        """Answer a visitor with a page, and the page's script with JSON."""
        name, text = _NOTICES[kind]
        if is_script:
            return _error(kind.value, text, 403 if kind is FaultKind.CHALLENGE else status)
        site = self.desk.site
        page = fill("single/notice.html", title=site.title, brand=brand(site.slug), name=name, text=text)
        return HTMLResponse(page, status)

    def ask_for_log_in(self) -> Response:
        """Tell the script that the session is over."""
        return _error("session_ended", "Your session has ended. Sign in again.", 401)

    async def shell(self, _request: Request, session: Session | None) -> Response:
        """Serve the page."""
        site = self.desk.site
        user = session.account.username if session else ""
        return HTMLResponse(fill("single/shell.html", title=site.title, brand=brand(site.slug), user=user))

    async def log_in(self, request: Request, _session: Session | None) -> Response:
        """Check user name and password."""
        outcome, account = self.desk.sign_in(
            await posted_text(request, "username"), await posted_text(request, "password")
        )
        if account is None:
            return _error("login", _LOG_IN_FAULTS[outcome], 401)
        return self.enter(JSONResponse({"user": account.username}), self.desk.sessions.open(account))

    async def log_out(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        self.leave(request)
        return JSONResponse({})

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Take or refuse a file."""
        sent = await posted_file_of_script(request)
        if sent is None or session is None:
            return _error("no_file", "Choose a file first.", 400)
        post = self.desk.receive(session.account, self.desk.carriers[0], *sent)
        if post.status == REFUSED:
            issues = [{"line": one.line, "field": one.field, "text": one.text} for one in post.problems]
            return JSONResponse({"outcome": "refused", "issues": issues})
        taken = self.desk.accept(post)
        return JSONResponse({"outcome": "accepted", "invoice": taken.invoice_number, "receipt": taken.receipt})

    async def invoices(self, request: Request, _session: Session | None) -> Response:
        """List or search what was accepted."""
        number, now = request.query_params.get("number", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page_number(request), now)
        return JSONResponse({"invoices": [_entry(post, now) for post in posts]})

    async def detail(self, request: Request, _session: Session | None) -> Response:
        """Give one invoice with the carrier's decision."""
        post, now = self.desk.store.post(request.path_params["post_id"], self.desk.site.slug), self.desk.clock.now_ms()
        if post is None or post.status != ACCEPTED:
            return _error("unknown", "No such invoice.", 404)
        is_published = post.decision_at(now) is not None
        figures = {
            "billed": dollars(post.total_cents),
            "approved": approved_amount(post, is_published=is_published),
            "lines": _lines(post, is_published=is_published),
        }
        return JSONResponse(_entry(post, now) | figures)


def _error(name: str, message: str, status: int) -> Response:
    return JSONResponse({"error": name, "message": message}, status)


def _entry(post: Post, now_ms: int) -> dict[str, Any]:
    return {
        "id": post.id,
        "number": post.invoice_number,
        "matter": post.matter_id,
        "amount": dollars(post.total_cents),
        "file": post.file_name,
        "sha256": post.sha256,
        "received": written_at(post.at_ms),
        "receipt": post.receipt,
        "status": status_of(post, now_ms),
    }


def _lines(post: Post, *, is_published: bool) -> list[dict[str, str]]:
    return [
        {
            "number": line.line_number,
            "date": line.worked_on,
            "description": line.narrative,
            "billed": dollars(line.billed_cents),
            "reduction": dollars(line.reduction_cents if is_published else 0),
            "approved": dollars(line.billed_cents - (line.reduction_cents if is_published else 0)),
            "reason": line.reasons if is_published else "",
        }
        for line in post.lines
    ]
