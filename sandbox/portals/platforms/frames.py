"""Platform 4: frames, a pop-up window for the file, numbers typed by hand, Latin-1 pages, sessions that run out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.portals.bill import Bill, Finding, dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import Html, approved_amount, brand, fill, link, problem_rows, review_rows, rows
from sandbox.portals.platform import Page, Platform, page_number, posted_file, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, Post
from sandbox.portals.wording import status_of, written_at


@dataclass(frozen=True, slots=True)
class Voice:
    """What differs from one customer of this vendor to the next: a few words, and how long a session may rest."""

    strap: str
    received: str
    refused: str
    bad_log_in: str
    locked: str
    idle_minutes: int


_USUAL = Voice(
    "e-Counsel Desk",
    "Invoice received",
    "Invoice not accepted",
    "Invalid user ID or password.",
    "User ID revoked after 3 invalid attempts. Call the service desk.",
    15,
)
_VOICES: Mapping[str, Voice] = {
    "laurentian": Voice(
        "Bureau des honoraires · Fee Desk",
        "Facture reçue · Invoice received",
        "Facture refusée · Invoice refused",
        "Code d'utilisateur ou mot de passe incorrect · Invalid user ID or password",
        "Accès bloqué · Access blocked",
        10,
    ),
    "blueridge": Voice(
        "Outside Counsel Billing",
        "Your invoice has been logged",
        "Your invoice could not be logged",
        "Logon failed. Check your ID and password.",
        "Your logon has been suspended. Contact Legal Vendor Management.",
        20,
    ),
}
_NOTICES = {
    FaultKind.MAINTENANCE: ("outOfService", "The system is out of service for nightly maintenance."),
    FaultKind.SERVER_ERROR: ("systemError", "Application error 9005. Contact the service desk."),
    FaultKind.CHALLENGE: ("humanCheck", "Type the characters in the picture to continue."),
    FaultKind.EXPIRED_PASSWORD: ("passwordExpired", "Your password has expired. Choose a new one at the help desk."),
}


class Latin1Page(HTMLResponse):
    """A page in ISO 8859-1; what does not exist there is written as a character reference."""

    charset = "iso-8859-1"

    def render(self, content: object) -> bytes:
        """Encode the page."""
        return str(content).encode(self.charset, "xmlcharrefreplace")


class FramesPortal(Platform):
    """The counsel desk of laurentian, redwood and blueridge."""

    cookie = "ECDSESSION"
    assets = ("frames.css",)
    new_labels: ClassVar[dict[str, str]] = {
        ">Submit invoice<": ">Transmit to client<",
        ">Matter number<": ">Your reference<",
        ">Attach<": ">Add to invoice<",
    }

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            Page("GET", "/", PageKind.LOGIN, self.start, is_open=True),
            Page("GET", "/desk/logon", PageKind.LOGIN, self.logon, is_open=True),
            Page("POST", "/desk/logon", PageKind.LOGIN, self.log_on, is_open=True),
            Page("GET", "/desk/logoff", PageKind.HOME, self.log_off, is_open=True),
            Page("GET", "/desk", PageKind.HOME, self.frames, is_open=True),
            Page("GET", "/desk/menu", PageKind.HOME, self.menu),
            Page("GET", "/desk/welcome", PageKind.HOME, self.welcome),
            Page("GET", "/desk/submit", PageKind.UPLOAD, self.form),
            Page("GET", "/desk/attach", PageKind.UPLOAD, self.attach_form),
            Page("POST", "/desk/attach", PageKind.UPLOAD, self.attach),
            Page("POST", "/desk/submit", PageKind.SUBMIT, self.submit),
            Page("GET", "/desk/inquiry", PageKind.LIST, self.inquiry),
            Page("GET", "/desk/invoice/{post_id:int}", PageKind.RESULT, self.detail),
        ]

    @property
    def voice(self) -> Voice:
        """Return this customer's words."""
        return _VOICES.get(self.desk.site.slug, _USUAL)

    def session(self, request: Request) -> Session | None:
        """Return the visitor's session, unless nobody has moved for too long by the site's clock."""
        session = super().session(request)
        if session is None:
            return None
        now = self.desk.clock.now_ms()
        if session.seen_ms and now - session.seen_ms > self.voice.idle_minutes * 60_000:
            self.desk.sessions.end(request.cookies.get(self.cookie))
            return None
        session.seen_ms = now
        return session

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:  # noqa: ARG002 - no script
        """Answer with a page of one sentence, in whichever frame asked."""
        name, text = _NOTICES[kind]
        return self._page("Notice", Html(f'<p id="{name}" class="bad">{text}</p>'), status)

    def ask_for_log_in(self) -> Response:
        """Say inside the frame that the session has ended; only the link leaves the frames."""
        return self._page("Session ended", fill("frames/ended.html", minutes=self.voice.idle_minutes))

    async def start(self, _request: Request, session: Session | None) -> Response:
        """Send the visitor in, or to the log-in."""
        return see("/desk" if session else "/desk/logon")

    async def logon(self, _request: Request, _session: Session | None) -> Response:
        """Show the log-in, a page without frames."""
        return self._logon("")

    async def log_on(self, request: Request, _session: Session | None) -> Response:
        """Check user id and password."""
        outcome, account = self.desk.sign_in(await posted_text(request, "userid"), await posted_text(request, "passwd"))
        if account is not None:
            return self.enter(see("/desk"), self.desk.sessions.open(account))
        if outcome is SignIn.EXPIRED:
            return self.notice(FaultKind.EXPIRED_PASSWORD, 200)
        return self._logon(self.voice.locked if outcome is SignIn.LOCKED else self.voice.bad_log_in)

    async def log_off(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        self.desk.sessions.end(request.cookies.get(self.cookie))
        return see("/desk/logon")

    async def frames(self, _request: Request, session: Session | None) -> Response:
        """Show the set of frames; each asks for its own page."""
        if session is None:
            return see("/desk/logon")
        return Latin1Page(fill("frames/set.html", title=self.desk.site.title))

    async def menu(self, _request: Request, session: Session | None) -> Response:
        """Show the menu, a frame of its own."""
        return self._page(self.desk.site.title, fill("frames/menu.html", username=_name(session)), frame="menu")

    async def welcome(self, _request: Request, session: Session | None) -> Response:
        """Show the first page of the work frame."""
        return self._page("Welcome", fill("frames/welcome.html", username=_name(session)))

    async def form(self, _request: Request, session: Session | None) -> Response:
        """Show the form of a new invoice; what was attached before is forgotten."""
        if session is not None:
            session.attachment = None
        return self._form(session, "")

    async def attach_form(self, _request: Request, session: Session | None) -> Response:
        """Show the pop-up window that takes the file."""
        return self._attach_form(session, "")

    async def attach(self, request: Request, session: Session | None) -> Response:
        """Hold a file for the form, tell the form its name, and close the pop-up window."""
        sent = await posted_file(request, session)
        if sent is None or session is None:
            return self._attach_form(session, "Choose a file first.")
        session.attachment = sent
        return self._page("Attach file", fill("frames/attached.html", file=sent[0]), frame="popup")

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Take or refuse the attached file under the numbers typed for it."""
        if session is None or await posted_text(request, "token") != session.form_token:
            return self._form(session, "Start again from the menu.")
        if session.attachment is None:
            return self._form(session, "No file is attached.")
        values = [value for _, value in (await request.form()).multi_items() if isinstance(value, str)]
        sent, session.attachment = session.attachment, None
        post = self.desk.receive(
            session.account, self.desk.carriers[0], *sent, also=lambda bill: _typed_otherwise(bill, values)
        )
        if post.status == REFUSED:
            body = fill("frames/refused.html", heading=self.voice.refused, file=post.file_name, rows=problem_rows(post))
            return self._page("Result", body)
        return self._page("Result", self._accepted(self.desk.accept(post)))

    async def inquiry(self, request: Request, session: Session | None) -> Response:  # noqa: ARG002 - the pages' form
        """List or search what was received."""
        number, now = request.query_params.get("invoiceNo", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page_number(request), now)
        found = (
            fill("frames/table.html", rows=rows([_cells(post, now) for post in posts], "row"))
            if posts
            else Html('<p id="noneFound">No invoices on file for this inquiry.</p>')
        )
        return self._page("Invoice inquiry", fill("frames/inquiry.html", number=number, found=found))

    async def detail(self, request: Request, session: Session | None) -> Response:  # noqa: ARG002 - the pages' form
        """Show one invoice with the carrier's decision."""
        post, now = self.desk.store.post(request.path_params["post_id"], self.desk.site.slug), self.desk.clock.now_ms()
        if post is None or post.status != ACCEPTED:
            return self._page("Invoice", Html('<p id="noneFound">No invoices on file for this inquiry.</p>'), 404)
        is_published = post.decision_at(now) is not None
        body = fill(
            "frames/detail.html",
            number=post.invoice_number,
            receipt=post.receipt,
            status=status_of(post, now),
            billed=dollars(post.total_cents),
            approved=approved_amount(post, is_published=is_published),
            rows=review_rows(post, is_published=is_published),
        )
        return self._page("Invoice", body)

    def _accepted(self, post: Post) -> Html:
        return fill(
            "frames/received.html",
            heading=self.voice.received,
            number=post.invoice_number,
            amount=dollars(post.total_cents),
            receipt=post.receipt,
        )

    def _logon(self, message: str) -> Response:
        told = Html(f'<p id="logonMessage" class="bad">{message}</p>') if message else ""
        return self._page("Log on", fill("frames/logon.html", message=told))

    def _form(self, session: Session | None, message: str) -> Response:
        told = Html(f'<p id="submitMessage" class="bad">{message}</p>') if message else ""
        token = session.form_token if session else ""
        return self._page("Submit invoice", fill("frames/submit.html", message=told, token=token))

    def _attach_form(self, session: Session | None, message: str) -> Response:
        told = Html(f'<p id="attachMessage" class="bad">{message}</p>') if message else ""
        token = session.form_token if session else ""
        return self._page("Attach file", fill("frames/attach.html", message=told, token=token), frame="popup")

    def _page(self, heading: str, body: Html, status: int = 200, frame: str = "work") -> Response:
        site = self.desk.site
        page = fill(
            "frames/page.html",
            heading=heading,
            title=site.title,
            strap=self.voice.strap,
            brand=brand(site.slug),
            frame=frame,
            body=body,
        )
        return Latin1Page(page, status)


def _typed_otherwise(bill: Bill, values: list[str]) -> list[Finding]:
    """Return what was typed otherwise than it stands in the file; whatever the fields are called, as layouts change."""
    due = (
        ("LAW_FIRM_MATTER_ID", "Matter number", bill.matter_id),
        ("CLIENT_MATTER_ID", "Claim number", bill.claim_number),
    )
    return [
        Finding(None, field, f"{label} as typed is not the one in the file, {number}.")
        for field, label, number in due
        if number not in (value.strip() for value in values)
    ]


def _name(session: Session | None) -> str:
    return session.account.username if session else ""


def _cells(post: Post, now_ms: int) -> list[tuple[str, object]]:
    return [
        ("c-invoice", link(f"/desk/invoice/{post.id}", post.invoice_number)),
        ("c-matter", post.matter_id),
        ("c-claim", post.claim_number),
        ("c-amount", dollars(post.total_cents)),
        ("c-received", written_at(post.at_ms)),
        ("c-receipt", post.receipt),
        ("c-status", status_of(post, now_ms)),
    ]
