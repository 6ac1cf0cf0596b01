"""Platform 10: the receipt comes at once, the list learns of it later, and pages fail now and then."""

from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response

from sandbox.portals.bill import dollars
from sandbox.portals.desk import Desk, SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.form_portal import Doors, FormPortal
from sandbox.portals.markup import Html, approved_amount, problem_rows, review_rows, rows
from sandbox.portals.platform import Page, bad_gateway, page_number, posted_file, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, Post
from sandbox.portals.trouble import Weather
from sandbox.portals.wording import status_of, written_at

_STRUCK = frozenset({PageKind.HOME, PageKind.UPLOAD, PageKind.LIST})
_LOCKED = "This account is locked. Write to provider support to have it opened."


class EventualPortal(FormPortal):
    """The claims gateway of frontier and palisade."""

    folder = "eventual"
    cookie = "gateway_sid"
    assets = ("eventual.css",)
    doors = Doors("/gateway/login", "/gateway/logout", "/gateway/home", "login_id", "login_secret")
    new_labels: ClassVar[dict[str, str]] = {">Submit invoice<": ">Release<", ">Invoice document<": ">Attachment<"}
    notices: ClassVar[dict[FaultKind, tuple[str, str]]] = {
        FaultKind.MAINTENANCE: ("gw-maintenance", "The gateway is being updated. Please come back in a few minutes."),
        FaultKind.SERVER_ERROR: ("gw-error", "The gateway could not answer your request."),
        FaultKind.CHALLENGE: ("gw-captcha", "Tick the box to show that you are human."),
        FaultKind.EXPIRED_PASSWORD: ("gw-expired", "Your password is older than 30 days. Choose a new one."),
    }
    log_in_faults: ClassVar[dict[SignIn, str]] = {
        SignIn.BAD: "We do not recognize that login or password.",
        SignIn.LOCKED: _LOCKED,
    }

    def __init__(self, desk: Desk, latency_seconds: float) -> None:
        super().__init__(desk, latency_seconds)
        self._weather = Weather(desk.site.trouble_every, desk.site.slug)

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            *self.entrance(),
            Page("GET", "/gateway/submit", PageKind.UPLOAD, self.upload),
            Page("POST", "/gateway/submit", PageKind.SUBMIT, self.submit),
            Page("GET", "/gateway/submissions/{post_id:int}", PageKind.RESULT, self.result),
            Page("GET", "/gateway/submissions", PageKind.LIST, self.submissions),
            Page("GET", "/gateway/track", PageKind.RESULT, self.track),
        ]

    def outage(self, page: Page) -> Response | None:
        """Fail as ordered, or because the day is bad; a post, its result and the log-in fail on order only."""
        if ordered := super().outage(page):
            return ordered
        befallen = self._weather.strikes() if page.method == "GET" and page.kind in _STRUCK else None
        if befallen is FaultKind.BAD_GATEWAY:
            return bad_gateway()
        return self.notice(befallen, 503) if befallen else None

    async def upload(self, _request: Request, session: Session | None) -> Response:
        """Show the upload form."""
        return self._form(session, "")

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Take or refuse a file and send the visitor to the result."""
        sent = await posted_file(request, session)
        if sent is None or session is None:
            return self._form(session, "Attach an invoice document.")
        post = self.desk.receive(session.account, self.desk.carriers[0], *sent)
        if post.status != REFUSED:
            self.desk.accept(post)
        return see(f"/gateway/submissions/{post.id}")

    async def result(self, request: Request, session: Session | None) -> Response:
        """Show how a submission ended; this page knows before the list does."""
        post = self.asked(request)
        if post is None:
            return self._nothing(session, 404)
        if post.status == REFUSED:
            return self.page("Submission", self.part("refused", file=post.file_name, rows=problem_rows(post)), session)
        body = self.part(
            "received", number=post.invoice_number, amount=dollars(post.total_cents), receipt=post.receipt
        )  # fmt: skip
        return self.page("Submission", body, session)

    async def submissions(self, request: Request, session: Session | None) -> Response:
        """List or search what was received, as far as the list has heard of it."""
        number = request.query_params.get("invoice", "").strip()
        posts = self._known(number, page_number(request))
        now = self.desk.clock.now_ms()
        found = (
            self.part("table", rows=rows([_cells(post, now) for post in posts], "gw-row"))
            if posts
            else self.part("empty")
        )
        return self.page("Submissions", self.part("list", number=number, found=found), session)

    async def track(self, request: Request, session: Session | None) -> Response:
        """Show where an invoice stands; one that the list has not heard of yet is asked for again by the page."""
        number, now = request.query_params.get("invoice", "").strip(), self.desk.clock.now_ms()
        if not number:
            return see("/gateway/submissions")
        posts = self._known(number, 1)
        if not posts:
            return self.page("Track an invoice", self.part("pending", number=number), session)
        post = posts[0]
        is_published = post.decision_at(now) is not None
        body = self.part(
            "tracked",
            number=post.invoice_number,
            receipt=post.receipt,
            status=status_of(post, now),
            billed=dollars(post.total_cents),
            approved=approved_amount(post, is_published=is_published),
            rows=review_rows(post, is_published=is_published),
        )
        return self.page("Track an invoice", body, session)

    def _known(self, number: str, page: int) -> list[Post]:
        return self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page, self.desk.clock.now_ms())

    def _nothing(self, session: Session | None, status: int) -> Response:
        return self.page("Submissions", self.part("empty"), session, status)

    def _form(self, session: Session | None, message: str) -> Response:
        text = self.part("fault", text=message) if message else Html("")
        token = session.form_token if session else ""
        return self.page("Submit an invoice", self.part("submit", message=text, token=token), session)


def _cells(post: Post, now_ms: int) -> list[tuple[str, object]]:
    return [
        ("gw-invoice", post.invoice_number),
        ("gw-matter", post.matter_id),
        ("gw-claim", post.claim_number),
        ("gw-amount", dollars(post.total_cents)),
        ("gw-time", written_at(post.at_ms)),
        ("gw-tracking", post.receipt),
        ("gw-state", status_of(post, now_ms)),
    ]
