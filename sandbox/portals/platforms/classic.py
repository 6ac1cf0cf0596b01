"""Platform 1: form log-in, upload form, the result on the page that answers the post."""

from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.portals.bill import dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import Html, approved_amount, brand, fill, link, problem_rows, review_rows, rows
from sandbox.portals.platform import Page, Platform, page_number, posted_file, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, Post
from sandbox.portals.wording import status_of, written_at

_NOTICES = {
    FaultKind.MAINTENANCE: ("maintenance", "The vendor portal is down for scheduled maintenance."),
    FaultKind.SERVER_ERROR: ("serverError", "An unexpected error has occurred."),
    FaultKind.CHALLENGE: ("captchaPanel", "Please confirm that you are not a robot."),
    FaultKind.EXPIRED_PASSWORD: ("passwordExpired", "Your password has expired."),
}
_LOG_IN_FAULTS = {
    SignIn.BAD: "The user name or password is incorrect.",
    SignIn.LOCKED: "Your account has been locked after too many failed attempts. Contact the help desk.",
}


class ClassicPortal(Platform):
    """The vendor portal of harbor and keystone."""

    cookie = "VendorPortal_SessionId"
    assets = ("classic.css",)
    new_labels: ClassVar[dict[str, str]] = {">Upload<": ">Send file<", ">LEDES 1998B file<": ">Billing document<"}

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            Page("GET", "/", PageKind.LOGIN, self.start, is_open=True),
            Page("GET", "/Login", PageKind.LOGIN, self.login, is_open=True),
            Page("POST", "/Login", PageKind.LOGIN, self.log_in, is_open=True),
            Page("GET", "/Logout", PageKind.HOME, self.log_out, is_open=True),
            Page("GET", "/Home", PageKind.HOME, self.home),
            Page("GET", "/Invoices/Upload", PageKind.UPLOAD, self.upload),
            Page("POST", "/Invoices/Upload", PageKind.SUBMIT, self.submit),
            Page("GET", "/Invoices", PageKind.LIST, self.invoices),
            Page("GET", "/Invoices/Detail/{post_id:int}", PageKind.RESULT, self.detail),
        ]

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:  # noqa: ARG002 - no script
        """Answer with a page of one sentence."""
        name, text = _NOTICES[kind]
        return self._page("Notice", Html(f'<div id="{name}" class="alert alert-danger">{text}</div>'), None, status)

    def ask_for_log_in(self) -> Response:
        """Send the visitor to the log-in."""
        return see("/Login")

    async def start(self, _request: Request, session: Session | None) -> Response:
        """Send the visitor in, or to the log-in."""
        return see("/Home" if session else "/Login")

    async def login(self, _request: Request, _session: Session | None) -> Response:
        """Show the log-in."""
        return self._page("Log In", fill("classic/login.html", message=""), None)

    async def log_in(self, request: Request, _session: Session | None) -> Response:
        """Check user name and password."""
        outcome, account = self.desk.sign_in(
            await posted_text(request, "UserName"), await posted_text(request, "Password")
        )
        if account is not None:
            return self.enter(see("/Home"), self.desk.sessions.open(account))
        if outcome is SignIn.EXPIRED:
            return self.notice(FaultKind.EXPIRED_PASSWORD, 200)
        text = Html(f'<div id="loginError" class="validation-summary">{_LOG_IN_FAULTS[outcome]}</div>')
        return self._page("Log In", fill("classic/login.html", message=text), None)

    async def log_out(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        return self.leave(request)

    async def home(self, _request: Request, session: Session | None) -> Response:
        """Show the first page after the log-in."""
        username = session.account.username if session else ""
        return self._page("Home", fill("classic/home.html", username=username), session)

    async def upload(self, _request: Request, session: Session | None) -> Response:
        """Show the upload form."""
        return self._upload_form(session, "")

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Take or refuse a file and say so at once."""
        sent = await posted_file(request, session)
        if sent is None or session is None:
            return self._upload_form(session, "Select a file to upload.")
        post = self.desk.receive(session.account, self.desk.carriers[0], *sent)
        if post.status == REFUSED:
            return self._page("Upload Result", _refused(post), session)
        return self._page("Upload Result", _accepted(self.desk.accept(post)), session)

    async def invoices(self, request: Request, session: Session | None) -> Response:
        """List or search what was accepted."""
        number, now = request.query_params.get("number", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page_number(request), now)
        found = (
            fill("classic/table.html", rows=rows([_cells(post, now) for post in posts], "invoice-row"))
            if posts
            else Html('<p id="noRecords">No invoices found.</p>')
        )
        return self._page("Invoice History", fill("classic/list.html", number=number, found=found), session)

    async def detail(self, request: Request, session: Session | None) -> Response:
        """Show one invoice with the carrier's decision."""
        post = self.desk.store.post(request.path_params["post_id"], self.desk.site.slug)
        if post is None or post.status != ACCEPTED:
            return self._page("Invoice", Html('<p id="noRecords">No invoices found.</p>'), session, 404)
        is_published = post.decision_at(self.desk.clock.now_ms()) is not None
        body = fill(
            "classic/detail.html",
            number=post.invoice_number,
            receipt=post.receipt,
            status=status_of(post, self.desk.clock.now_ms()),
            billed=dollars(post.total_cents),
            approved=approved_amount(post, is_published=is_published),
            rows=review_rows(post, is_published=is_published),
        )
        return self._page("Invoice", body, session)

    def _upload_form(self, session: Session | None, message: str) -> Response:
        note = Html(f'<div id="uploadMessage" class="validation-summary">{message}</div>') if message else ""
        token = session.form_token if session else ""
        return self._page("Upload Invoice", fill("classic/upload.html", message=note, token=token), session)

    def _page(self, heading: str, body: Html, session: Session | None, status: int = 200) -> Response:
        site = self.desk.site
        menu = fill("classic/menu.html") if session else ""
        page = fill(
            "classic/frame.html", heading=heading, title=site.title, brand=brand(site.slug), menu=menu, body=body
        )
        return HTMLResponse(page, status)


def _accepted(post: Post) -> Html:
    return fill(
        "classic/accepted.html", number=post.invoice_number, amount=dollars(post.total_cents), receipt=post.receipt
    )


def _refused(post: Post) -> Html:
    return fill("classic/refused.html", file=post.file_name, rows=problem_rows(post))


def _cells(post: Post, now_ms: int) -> list[tuple[str, object]]:
    return [
        ("col-number", link(f"/Invoices/Detail/{post.id}", post.invoice_number)),
        ("col-matter", post.matter_id),
        ("col-claim", post.claim_number),
        ("col-amount", dollars(post.total_cents)),
        ("col-file", post.file_name),
        ("col-received", written_at(post.at_ms)),
        ("col-receipt", post.receipt),
        ("col-status", status_of(post, now_ms)),
    ]
