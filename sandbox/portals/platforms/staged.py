"""Platform 2: an uploaded file is processed, then waits as Ready to Submit until somebody presses Submit."""

from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from sandbox.portals.bill import dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import Html, approved_amount, brand, fill, link, problem_rows, review_rows, rows
from sandbox.portals.platform import Page, Platform, page_number, posted_file, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, STAGED, Post
from sandbox.portals.wording import status_of, written_at
from sandbox.portals.world import Carrier

PROCESSING = "Processing"
_STATUS = {STAGED: "Ready to Submit", ACCEPTED: "Submitted", REFUSED: "File Error"}
_NOTICES = {
    FaultKind.MAINTENANCE: ("outage", "We are performing system maintenance."),
    FaultKind.SERVER_ERROR: ("error-page", "Something went wrong."),
    FaultKind.CHALLENGE: ("challenge", "One more step: prove you are human."),
    FaultKind.EXPIRED_PASSWORD: ("expired", "Your password has expired and must be changed before you continue."),
}
_SIGN_IN_FAULTS = {
    SignIn.BAD: "We could not sign you in. Check your user ID and password.",
    SignIn.LOCKED: "This user ID is locked. Ask your administrator to reset it.",
}


class StagedPortal(Platform):
    """The billing network of clearpath and northfork."""

    cookie = "_billing_session"
    assets = ("staged.css",)
    new_labels: ClassVar[dict[str, str]] = {">Upload File<": ">Add document<", ">Invoice file<": ">Document<"}

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            Page("GET", "/", PageKind.LOGIN, self.start, is_open=True),
            Page("GET", "/account/signin", PageKind.LOGIN, self.signin, is_open=True),
            Page("POST", "/account/signin", PageKind.LOGIN, self.sign_in, is_open=True),
            Page("GET", "/account/signout", PageKind.HOME, self.sign_out, is_open=True),
            Page("GET", "/dashboard", PageKind.HOME, self.dashboard),
            Page("GET", "/files/new", PageKind.UPLOAD, self.new),
            Page("POST", "/files/new", PageKind.UPLOAD, self.upload),
            Page("GET", "/files", PageKind.LIST, self.files),
            Page("GET", "/files/{post_id:int}", PageKind.RESULT, self.file),
            Page("GET", "/files/{post_id:int}/status", PageKind.RESULT, self.status),
            Page("POST", "/files/{post_id:int}/submit", PageKind.SUBMIT, self.submit),
            Page("GET", "/files/{post_id:int}/confirmation", PageKind.RESULT, self.confirmation),
        ]

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:  # noqa: ARG002 - no script
        """Answer with a page of one sentence."""
        name, text = _NOTICES[kind]
        return self._page("Notice", Html(f'<section id="{name}" class="notice">{text}</section>'), None, status)

    def ask_for_log_in(self) -> Response:
        """Send the visitor to the log-in."""
        return see("/account/signin")

    async def start(self, _request: Request, session: Session | None) -> Response:
        """Send the visitor in, or to the log-in."""
        return see("/dashboard" if session else "/account/signin")

    async def signin(self, _request: Request, _session: Session | None) -> Response:
        """Show the log-in."""
        return self._page("Sign in to your account", fill("staged/signin.html", message=""), None)

    async def sign_in(self, request: Request, _session: Session | None) -> Response:
        """Check user id and password."""
        outcome, account = self.desk.sign_in(await posted_text(request, "user_id"), await posted_text(request, "pass"))
        if account is not None:
            return self.enter(see("/dashboard"), self.desk.sessions.open(account))
        if outcome is SignIn.EXPIRED:
            return self.notice(FaultKind.EXPIRED_PASSWORD, 200)
        flash = Html(f'<p class="flash flash-error">{_SIGN_IN_FAULTS[outcome]}</p>')
        return self._page("Sign in to your account", fill("staged/signin.html", message=flash), None)

    async def sign_out(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        return self.leave(request)

    async def dashboard(self, _request: Request, session: Session | None) -> Response:
        """Show the first page after the log-in."""
        username = session.account.username if session else ""
        return self._page("Dashboard", fill("staged/dashboard.html", username=username), session)

    async def new(self, _request: Request, session: Session | None) -> Response:
        """Show the upload form."""
        return self._form(session, "")

    async def upload(self, request: Request, session: Session | None) -> Response:
        """Keep a file: staged, or refused with its errors. Nothing is submitted yet."""
        sent = await posted_file(request, session)
        carrier = await self._chosen(request)
        if sent is None or session is None:
            return self._form(session, "Choose a file to upload.")
        if carrier is None:
            return self._form(session, "Choose the client this file is for.")
        return see(f"/files/{self.desk.receive(session.account, carrier, *sent).id}")

    async def status(self, request: Request, _session: Session | None) -> Response:
        """Answer the polling page."""
        post = self._asked(request)
        return JSONResponse({"status": self._status(post) if post else "Unknown"}, 200 if post else 404)

    async def file(self, request: Request, session: Session | None) -> Response:
        """Show a file, and what can be done with it."""
        post = self._asked(request)
        if post is None:
            return self._page("File", Html('<p class="empty-list">No files match.</p>'), session, 404)
        return self._file_page(post, session, Html(""))

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Submit a staged file; a submitted one answers with its confirmation."""
        post = self._asked(request)
        token = await posted_text(request, "authenticity_token")
        if post is None or session is None or token != session.form_token or self._status(post) in _NOT_SUBMITTABLE:
            return self._page(
                "File", Html('<section class="notice">This file cannot be submitted.</section>'), session, 409
            )
        if post.status == ACCEPTED:
            told = Html('<div class="notice" id="already-submitted">This file was already submitted.</div>')
            return self._file_page(post, session, told)
        return see(f"/files/{self.desk.accept(post).id}/confirmation")

    async def confirmation(self, request: Request, session: Session | None) -> Response:
        """Show the confirmation number."""
        post = self._asked(request)
        if post is None or post.status != ACCEPTED:
            return self._page("File", Html('<p class="empty-list">No files match.</p>'), session, 404)
        name = self.desk.world.carriers[post.carrier].name
        body = fill("staged/confirmation.html", number=post.invoice_number, client=name, receipt=post.receipt)
        return self._page("Invoice Submitted", body, session)

    async def files(self, request: Request, session: Session | None) -> Response:
        """List or search files, whatever their status."""
        number, now = request.query_params.get("q", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, list(_STATUS), number, page_number(request), now)
        found = (
            fill("staged/table.html", rows=rows([self._cells(post) for post in posts], "file-row"))
            if posts
            else Html('<p class="empty-list">No files match.</p>')
        )
        return self._page("Files", fill("staged/list.html", number=number, found=found), session)

    def _asked(self, request: Request) -> Post | None:
        return self.desk.store.post(request.path_params["post_id"], self.desk.site.slug)

    def _status(self, post: Post) -> str:
        return PROCESSING if self.desk.is_processing(post) else _STATUS[post.status]

    async def _chosen(self, request: Request) -> Carrier | None:
        values = (await request.form()).values()
        known = (self.desk.world.client(self.desk.site, value) for value in values if isinstance(value, str))
        return next((carrier for carrier in known if carrier), None)

    def _form(self, session: Session | None, message: str) -> Response:
        flash = Html(f'<p class="flash flash-error">{message}</p>') if message else ""
        clients = Html(
            "".join(fill("staged/option.html", id=one.client_id, name=one.name) for one in self.desk.carriers)
        )
        token = session.form_token if session else ""
        return self._page("New File", fill("staged/new.html", message=flash, token=token, clients=clients), session)

    def _file_page(self, post: Post, session: Session | None, told: Html) -> Response:
        body = fill(
            "staged/file.html",
            status=self._status(post),
            file=post.file_name,
            number=post.invoice_number,
            client=post.client_id,
            total=dollars(post.total_cents),
            more=self._more(post, session),
        )
        return self._page("File", Html(told + body), session)

    def _more(self, post: Post, session: Session | None) -> Html:
        """Return the part of a file's page that depends on its status."""
        if self.desk.is_processing(post):
            return fill("staged/processing.html", id=post.id)
        if post.status == STAGED:
            return fill("staged/ready.html", id=post.id, token=session.form_token if session else "")
        if post.status == REFUSED:
            return fill("staged/errors.html", rows=problem_rows(post))
        now = self.desk.clock.now_ms()
        is_published = post.decision_at(now) is not None
        return fill(
            "staged/review.html",
            receipt=post.receipt,
            review=status_of(post, now),
            approved=approved_amount(post, is_published=is_published),
            rows=review_rows(post, is_published=is_published),
        )

    def _cells(self, post: Post) -> list[tuple[str, object]]:
        is_submitted = post.status == ACCEPTED
        return [
            ("f-name", link(f"/files/{post.id}", post.file_name)),
            ("f-invoice", post.invoice_number),
            ("f-client", post.client_id),
            ("f-matter", post.matter_id),
            ("f-total", dollars(post.total_cents)),
            ("f-uploaded", written_at(post.at_ms)),
            ("f-status", self._status(post)),
            ("f-confirmation", post.receipt or ""),
            ("f-review", status_of(post, self.desk.clock.now_ms()) if is_submitted else ""),
        ]

    def _page(self, heading: str, body: Html, session: Session | None, status: int = 200) -> Response:
        site = self.desk.site
        menu = fill("staged/menu.html") if session else ""
        page = fill(
            "staged/frame.html", heading=heading, title=site.title, brand=brand(site.slug), menu=menu, body=body
        )
        return HTMLResponse(page, status)


_NOT_SUBMITTABLE = {PROCESSING, _STATUS[REFUSED]}
