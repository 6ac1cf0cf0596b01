"""Platform 7: an uploaded invoice is posted as a draft, and the client sees it once somebody sets it For Approval."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.portals.bill import dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import Html, approved_amount, brand, fill, link, problem_rows, review_rows, rows
from sandbox.portals.platform import Page, Platform, page_number, posted_file, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, STAGED, Post
from sandbox.portals.wording import status_of, written_at

DRAFT, FOR_APPROVAL, NOT_POSTED = "Draft", "For Approval", "Not Posted"
_STATUS = {STAGED: DRAFT, ACCEPTED: FOR_APPROVAL, REFUSED: NOT_POSTED}
_NOTICES = {
    FaultKind.MAINTENANCE: ("unavailable", "Matter Manager is unavailable while we apply an update."),
    FaultKind.SERVER_ERROR: ("exception", "An unhandled exception occurred. The incident was logged."),
    FaultKind.CHALLENGE: ("verify-person", "Please verify that you are a person."),
    FaultKind.EXPIRED_PASSWORD: ("password-due", "Your password is due for a change."),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What differs from one customer of this vendor to the next."""

    product: str
    posted: str
    bad_log_in: str
    locked: str


_USUAL = Voice(
    "Matter Manager",
    "Invoice posted as draft",
    "The email or password you entered is incorrect.",
    "This account is locked. Ask your administrator to unlock it.",
)
_VOICES: Mapping[str, Voice] = {
    "palmetto": Voice(
        "Claims Counsel Center",
        "Saved as draft, not yet visible to Palmetto",
        "Sign-in was not successful. Please check what you typed.",
        "For your protection this sign-in is locked. Call vendor support.",
    ),
}


class DraftPortal(Platform):
    """The matter manager of ironbridge and palmetto."""

    cookie = "mm_session"
    assets = ("drafts.css",)
    new_labels: ClassVar[dict[str, str]] = {">Post invoice<": ">Import<", ">Electronic invoice<": ">Document<"}

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            Page("GET", "/", PageKind.LOGIN, self.start, is_open=True),
            Page("GET", "/signin", PageKind.LOGIN, self.signin, is_open=True),
            Page("POST", "/signin", PageKind.LOGIN, self.sign_in, is_open=True),
            Page("GET", "/signout", PageKind.HOME, self.sign_out, is_open=True),
            Page("GET", "/overview", PageKind.HOME, self.overview),
            Page("GET", "/invoices/post", PageKind.UPLOAD, self.form),
            Page("POST", "/invoices/post", PageKind.UPLOAD, self.post),
            Page("GET", "/invoices", PageKind.LIST, self.invoices),
            Page("GET", "/invoices/{post_id:int}", PageKind.RESULT, self.invoice),
            Page("POST", "/invoices/{post_id:int}/status", PageKind.SUBMIT, self.set_status),
        ]

    @property
    def voice(self) -> Voice:
        """Return this customer's words."""
        return _VOICES.get(self.desk.site.slug, _USUAL)

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:  # noqa: ARG002 - no script
        """Answer with a page of one sentence."""
        name, text = _NOTICES[kind]
        return self._page("Notice", Html(f'<div id="{name}" class="callout error">{text}</div>'), None, status)

    def ask_for_log_in(self) -> Response:
        """Send the visitor to the log-in."""
        return see("/signin")

    async def start(self, _request: Request, session: Session | None) -> Response:
        """Send the visitor in, or to the log-in."""
        return see("/overview" if session else "/signin")

    async def signin(self, _request: Request, _session: Session | None) -> Response:
        """Show the log-in."""
        return self._page("Sign in", fill("drafts/signin.html", message=""), None)

    async def sign_in(self, request: Request, _session: Session | None) -> Response:
        """Check e-mail address (the user name) and password."""
        outcome, account = self.desk.sign_in(
            await posted_text(request, "email"), await posted_text(request, "password")
        )
        if account is not None:
            return self.enter(see("/overview"), self.desk.sessions.open(account))
        if outcome is SignIn.EXPIRED:
            return self.notice(FaultKind.EXPIRED_PASSWORD, 200)
        text = self.voice.locked if outcome is SignIn.LOCKED else self.voice.bad_log_in
        told = Html(f'<div id="signin-alert" class="callout error">{text}</div>')
        return self._page("Sign in", fill("drafts/signin.html", message=told), None)

    async def sign_out(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        return self.leave(request)

    async def overview(self, _request: Request, session: Session | None) -> Response:
        """Show the first page after the log-in, with the drafts that nobody has sent for approval."""
        now, site = self.desk.clock.now_ms(), self.desk.site.slug
        drafts = len(self.desk.store.listed(site, [STAGED], "", 1, now))
        username = session.account.username if session else ""
        return self._page("Overview", fill("drafts/overview.html", username=username, drafts=drafts), session)

    async def form(self, _request: Request, session: Session | None) -> Response:
        """Show the upload form."""
        return self._form(session, "")

    async def post(self, request: Request, session: Session | None) -> Response:
        """Keep a file as a draft, or refuse it for its critical exceptions."""
        sent = await posted_file(request, session)
        if sent is None or session is None:
            return self._form(session, "Select an invoice file.")
        return see(f"/invoices/{self.desk.receive(session.account, self.desk.carriers[0], *sent).id}")

    async def invoices(self, request: Request, session: Session | None) -> Response:
        """List or search invoices, drafts and refused ones among them."""
        number, now = request.query_params.get("search", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, list(_STATUS), number, page_number(request), now)
        found = (
            fill("drafts/table.html", rows=rows([self._cells(post) for post in posts], "inv"))
            if posts
            else Html('<p class="nothing-here">There are no invoices to show.</p>')
        )
        return self._page("Invoices", fill("drafts/list.html", number=number, found=found), session)

    async def invoice(self, request: Request, session: Session | None) -> Response:
        """Show an invoice, and what can be done with it."""
        post = self._asked(request)
        if post is None:
            return self._page(
                "Invoice", Html('<p class="nothing-here">There are no invoices to show.</p>'), session, 404
            )
        return self._invoice_page(post, session, "")

    async def set_status(self, request: Request, session: Session | None) -> Response:
        """Set a draft For Approval; an invoice that is there already stays as it is."""
        post, values = self._asked(request), (await request.form()).values()
        wanted = [value for value in values if isinstance(value, str)]
        if post is None or session is None or session.form_token not in wanted or post.status == REFUSED:
            return self._page(
                "Invoice", Html('<div class="callout error">The status was not changed.</div>'), session, 409
            )
        if post.status == ACCEPTED:
            return self._invoice_page(post, session, "This invoice has been sent for approval before.")
        if FOR_APPROVAL in wanted:
            self.desk.accept(post)
        return see(f"/invoices/{post.id}")

    def _asked(self, request: Request) -> Post | None:
        return self.desk.store.post(request.path_params["post_id"], self.desk.site.slug)

    def _shown_status(self, post: Post) -> str:
        """Return the word of the list: the decision once there is one."""
        decided = post.status == ACCEPTED and post.decision_at(self.desk.clock.now_ms())
        return status_of(post, self.desk.clock.now_ms()) if decided else _STATUS[post.status]

    def _form(self, session: Session | None, message: str) -> Response:
        told = Html(f'<div class="callout error" id="post-alert">{message}</div>') if message else ""
        token = session.form_token if session else ""
        return self._page("Post an invoice", fill("drafts/post.html", message=told, token=token), session)

    def _invoice_page(self, post: Post, session: Session | None, told: str) -> Response:
        if post.status == REFUSED:
            return self._page(
                "Invoice not posted", fill("drafts/refused.html", file=post.file_name, rows=problem_rows(post)), session
            )
        now = self.desk.clock.now_ms()
        is_published = post.decision_at(now) is not None
        facts = fill(
            "drafts/invoice.html",
            told=Html(f'<div class="callout" id="sent-before">{told}</div>') if told else "",
            number=post.invoice_number,
            matter=post.matter_id,
            status=self._shown_status(post),
            billed=dollars(post.total_cents),
            more=self._draft(post, session) if post.status == STAGED else "",
            sent=fill(
                "drafts/sent.html", receipt=post.receipt, approved=approved_amount(post, is_published=is_published)
            )
            if post.status == ACCEPTED
            else "",
            lines=fill("drafts/lines.html", rows=review_rows(post, is_published=is_published))
            if post.status == ACCEPTED
            else "",
        )
        return self._page(f"Invoice {post.invoice_number}", facts, session)

    def _draft(self, post: Post, session: Session | None) -> Html:
        return fill(
            "drafts/draft.html",
            id=post.id,
            posted=self.voice.posted,
            exceptions=self.desk.breaches(post),
            token=session.form_token if session else "",
        )

    def _cells(self, post: Post) -> list[tuple[str, object]]:
        return [
            ("i-number", link(f"/invoices/{post.id}", post.invoice_number)),
            ("i-matter", post.matter_id),
            ("i-amount", dollars(post.total_cents)),
            ("i-posted", written_at(post.at_ms)),
            ("i-status", self._shown_status(post)),
            ("i-reference", post.receipt or ""),
        ]

    def _page(self, heading: str, body: Html, session: Session | None, status: int = 200) -> Response:
        site = self.desk.site
        page = fill(
            "drafts/frame.html",
            heading=heading,
            title=site.title,
            product=self.voice.product,
            brand=brand(site.slug),
            menu=fill("drafts/menu.html") if session else "",
            body=body,
        )
        return HTMLResponse(page, status)
