"""Platform 6: an intake desk that says "received" and no more; what the carrier decides comes by e-mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.portals.bill import dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import Html, brand, fill, link, rows
from sandbox.portals.platform import Page, Platform, page_number, posted_file, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, Post
from sandbox.portals.wording import written_at

RECEIVED = "Received"
_NOTICES = {
    FaultKind.MAINTENANCE: ("intake-closed", "Invoice intake is closed for maintenance until 6 a.m."),
    FaultKind.SERVER_ERROR: ("intake-fault", "We could not process your request. Reference 500."),
    FaultKind.CHALLENGE: ("intake-check", "Before you continue, confirm you are not an automated program."),
    FaultKind.EXPIRED_PASSWORD: ("intake-expired", "Your password is older than 90 days. Change it to continue."),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """What differs from one customer of this vendor to the next."""

    desk: str
    thanks: str
    bad_log_in: str
    locked: str


_USUAL = Voice(
    "Invoice Intake",
    "Thank you. Your invoice has been received.",
    "We do not recognize this user ID and password.",
    "Too many attempts. This user ID is locked.",
)
_VOICES: Mapping[str, Voice] = {
    "cascadia": Voice(
        "Legal Mailroom",
        "Received with thanks",
        "Wrong user name or password.",
        "This user name is blocked. Write to the mailroom to have it opened again.",
    ),
}


class IntakePortal(Platform):
    """The intake desk of tidewater and cascadia."""

    cookie = "IntakeDesk"
    assets = ("intake.css",)
    new_labels: ClassVar[dict[str, str]] = {">Send to intake<": ">Hand in<", ">Invoice file<": ">Paper<"}

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            Page("GET", "/", PageKind.LOGIN, self.start, is_open=True),
            Page("GET", "/Account/LogOn", PageKind.LOGIN, self.logon, is_open=True),
            Page("POST", "/Account/LogOn", PageKind.LOGIN, self.log_on, is_open=True),
            Page("GET", "/Account/LogOff", PageKind.HOME, self.log_off, is_open=True),
            Page("GET", "/Intake", PageKind.HOME, self.home),
            Page("GET", "/Intake/New", PageKind.UPLOAD, self.form),
            Page("POST", "/Intake/New", PageKind.SUBMIT, self.submit),
            Page("GET", "/Intake/Status", PageKind.LIST, self.statuses),
            Page("GET", "/Intake/Status/{post_id:int}", PageKind.RESULT, self.status),
        ]

    @property
    def voice(self) -> Voice:
        """Return this customer's words."""
        return _VOICES.get(self.desk.site.slug, _USUAL)

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:  # noqa: ARG002 - no script
        """Answer with a page of one sentence."""
        name, text = _NOTICES[kind]
        return self._page("Notice", Html(f'<p id="{name}" class="alert">{text}</p>'), None, status)

    def ask_for_log_in(self) -> Response:
        """Send the visitor to the log-in."""
        return see("/Account/LogOn")

    async def start(self, _request: Request, session: Session | None) -> Response:
        """Send the visitor in, or to the log-in."""
        return see("/Intake" if session else "/Account/LogOn")

    async def logon(self, _request: Request, _session: Session | None) -> Response:
        """Show the log-in."""
        return self._logon("")

    async def log_on(self, request: Request, _session: Session | None) -> Response:
        """Check user name and password."""
        outcome, account = self.desk.sign_in(await posted_text(request, "uid"), await posted_text(request, "pwd"))
        if account is not None:
            return self.enter(see("/Intake"), self.desk.sessions.open(account))
        if outcome is SignIn.EXPIRED:
            return self.notice(FaultKind.EXPIRED_PASSWORD, 200)
        return self._logon(self.voice.locked if outcome is SignIn.LOCKED else self.voice.bad_log_in)

    async def log_off(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        return self.leave(request)

    async def home(self, _request: Request, session: Session | None) -> Response:
        """Show the first page after the log-in."""
        username = session.account.username if session else ""
        return self._page(self.voice.desk, fill("intake/home.html", username=username), session)

    async def form(self, _request: Request, session: Session | None) -> Response:
        """Show the upload form."""
        return self._form(session, "")

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Receive whatever can be read as an invoice; its faults are told with the decision, by e-mail."""
        sent = await posted_file(request, session)
        if sent is None or session is None:
            return self._form(session, "Choose the invoice file.")
        if "yes" not in (await request.form()).values():
            return self._form(session, "Tick the box: results are sent by e-mail only.")
        post = self.desk.receive(session.account, self.desk.carriers[0], *sent, judges_later=True)
        if post.status == REFUSED:
            reasons = Html("".join(f"<li>{fill('intake/reason.html', text=one.text)}</li>" for one in post.problems))
            return self._page(
                "Not received", fill("intake/refused.html", file=post.file_name, reasons=reasons), session
            )
        post = self.desk.accept(post)
        body = fill(
            "intake/received.html",
            thanks=self.voice.thanks,
            number=post.invoice_number,
            amount=dollars(post.total_cents),
            receipt=post.receipt,
        )
        return self._page("Receipt", body, session)

    async def statuses(self, request: Request, session: Session | None) -> Response:
        """List or search what was received."""
        number, now = request.query_params.get("invoice", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page_number(request), now)
        found = (
            fill("intake/table.html", rows=rows([_cells(post) for post in posts], "received"))
            if posts
            else Html('<p id="nothing-received">Nothing received under this number.</p>')
        )
        return self._page("Status", fill("intake/list.html", number=number, found=found), session)

    async def status(self, request: Request, session: Session | None) -> Response:
        """Show one invoice: received, for ever."""
        post = self.desk.store.post(request.path_params["post_id"], self.desk.site.slug)
        if post is None or post.status != ACCEPTED:
            nothing = Html('<p id="nothing-received">Nothing received under this number.</p>')
            return self._page("Status", nothing, session, 404)
        body = fill(
            "intake/detail.html",
            number=post.invoice_number,
            receipt=post.receipt,
            status=RECEIVED,
            received=written_at(post.at_ms),
        )
        return self._page("Status", body, session)

    def _logon(self, message: str) -> Response:
        told = Html(f'<p id="logon-alert" class="alert">{message}</p>') if message else ""
        return self._page("Log on", fill("intake/logon.html", message=told), None)

    def _form(self, session: Session | None, message: str) -> Response:
        told = Html(f'<p id="form-alert" class="alert">{message}</p>') if message else ""
        token = session.form_token if session else ""
        return self._page("New invoice", fill("intake/form.html", message=told, token=token), session)

    def _page(self, heading: str, body: Html, session: Session | None, status: int = 200) -> Response:
        site = self.desk.site
        page = fill(
            "intake/frame.html",
            heading=heading,
            title=site.title,
            desk=self.voice.desk,
            brand=brand(site.slug),
            menu=fill("intake/menu.html") if session else "",
            body=body,
        )
        return HTMLResponse(page, status)


def _cells(post: Post) -> list[tuple[str, object]]:
    return [
        ("r-invoice", link(f"/Intake/Status/{post.id}", post.invoice_number)),
        ("r-claim", post.claim_number),
        ("r-amount", dollars(post.total_cents)),
        ("r-date", written_at(post.at_ms)),
        ("r-confirmation", post.receipt),
        ("r-status", RECEIVED),
    ]
