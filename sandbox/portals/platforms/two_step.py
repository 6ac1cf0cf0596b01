"""Platform 5: a log-in of two steps with a one-time code, then a classic upload whose result is a page of its own."""

from typing import ClassVar

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sandbox.portals.bill import dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.markup import Html, approved_amount, brand, fill, link, review_rows, rows
from sandbox.portals.platform import Page, Platform, page_number, posted_file, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, Post
from sandbox.portals.wording import status_of, written_at

_NOTICES = {
    FaultKind.MAINTENANCE: ("closed", "Granite Vendor Services is closed for maintenance."),
    FaultKind.SERVER_ERROR: ("fault", "The system could not complete your request."),
    FaultKind.CHALLENGE: ("robot-check", "Security check: are you a person?"),
    FaultKind.EXPIRED_PASSWORD: ("expired-credentials", "Your password has expired."),
}
_LOCKED = "Access suspended after repeated failures. Call Vendor Services."
_PASSWORD_FAULTS = {SignIn.BAD: "Sign-in failed. Username or password not recognised.", SignIn.LOCKED: _LOCKED}
_CODE_FAULTS = {
    SignIn.BAD: "That code is not valid.",
    SignIn.LOCKED: _LOCKED,
    SignIn.USED_CODE: "That code has already been used. Wait for the next one.",
}


class TwoStepPortal(Platform):
    """The vendor services of granite."""

    cookie = "JSESSIONID"
    assets = ("two_step.css",)
    new_labels: ClassVar[dict[str, str]] = {">Send invoice<": ">Transfer<", ">LEDES file (.txt)<": ">Attachment<"}

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            Page("GET", "/", PageKind.LOGIN, self.start, is_open=True),
            Page("GET", "/auth/login", PageKind.LOGIN, self.login, is_open=True),
            Page("POST", "/auth/login", PageKind.LOGIN, self.check_password, is_open=True),
            Page("GET", "/auth/verify", PageKind.LOGIN, self.verify, is_open=True),
            Page("POST", "/auth/verify", PageKind.LOGIN, self.check_code, is_open=True),
            Page("GET", "/auth/logout", PageKind.HOME, self.log_out, is_open=True),
            Page("GET", "/portal/home", PageKind.HOME, self.home),
            Page("GET", "/portal/submit", PageKind.UPLOAD, self.upload),
            Page("POST", "/portal/submit", PageKind.SUBMIT, self.submit),
            Page("GET", "/portal/submissions", PageKind.LIST, self.submissions),
            Page("GET", "/portal/submissions/{post_id:int}", PageKind.RESULT, self.detail),
            Page("GET", "/portal/submissions/{post_id:int}/result", PageKind.RESULT, self.result),
        ]

    def notice(self, kind: FaultKind, status: int, *, is_script: bool = False) -> Response:  # noqa: ARG002 - no script
        """Answer with a page of one sentence."""
        name, text = _NOTICES[kind]
        return self._page("Notice", Html(f'<div id="{name}">{text}</div>'), None, status)

    def ask_for_log_in(self) -> Response:
        """Send the visitor to the first step."""
        return see("/auth/login")

    async def start(self, _request: Request, session: Session | None) -> Response:
        """Send the visitor in, or to the log-in."""
        return see("/portal/home" if session and session.is_signed_in else "/auth/login")

    async def login(self, _request: Request, _session: Session | None) -> Response:
        """Show the first step."""
        return self._step("credentials", "")

    async def check_password(self, request: Request, _session: Session | None) -> Response:
        """Check user name and password and go on to the code."""
        outcome, account = self.desk.sign_in(
            await posted_text(request, "j_username"), await posted_text(request, "j_password")
        )
        if account is not None:
            return self.enter(see("/auth/verify"), self.desk.sessions.open(account, is_signed_in=False))
        if outcome is SignIn.EXPIRED:
            return self.notice(FaultKind.EXPIRED_PASSWORD, 200)
        return self._step("credentials", _PASSWORD_FAULTS[outcome])

    async def verify(self, _request: Request, session: Session | None) -> Response:
        """Show the second step to who has passed the first."""
        return self._step("verify", "") if session else self.ask_for_log_in()

    async def check_code(self, request: Request, session: Session | None) -> Response:
        """Check the one-time code; the session gets a new key, as it should at a change of rights."""
        if session is None:
            return self.ask_for_log_in()
        outcome = self.desk.check_code(session.account, await posted_text(request, "otp"))
        if outcome is not SignIn.OK:
            return self._step("verify", _CODE_FAULTS[outcome])
        self.desk.sessions.end(request.cookies.get(self.cookie))
        return self.enter(see("/portal/home"), self.desk.sessions.open(session.account))

    async def log_out(self, request: Request, _session: Session | None) -> Response:
        """End the session."""
        return self.leave(request)

    async def home(self, _request: Request, session: Session | None) -> Response:
        """Show the first page after the log-in."""
        username = session.account.username if session else ""
        return self._page("Home", fill("two_step/home.html", username=username), session)

    async def upload(self, _request: Request, session: Session | None) -> Response:
        """Show the upload form."""
        return self._form(session, "")

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Take or refuse a file and send the visitor to the result."""
        sent = await posted_file(request, session)
        if sent is None or session is None:
            return self._form(session, "Attach a file first.")
        post = self.desk.receive(session.account, self.desk.carriers[0], *sent)
        if post.status != REFUSED:
            self.desk.accept(post)
        return see(f"/portal/submissions/{post.id}/result")

    async def result(self, request: Request, session: Session | None) -> Response:
        """Show how a submission ended."""
        post = self._asked(request)
        if post is None:
            return self._nothing(session, 404)
        return self._page("Result", _refused(post) if post.status == REFUSED else _received(post), session)

    async def submissions(self, request: Request, session: Session | None) -> Response:
        """List or search what was received."""
        number, now = request.query_params.get("invoice", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page_number(request), now)
        found = (
            fill("two_step/table.html", rows=rows([_cells(post, now) for post in posts], "submission"))
            if posts
            else Html('<p id="nothing">No submissions on file.</p>')
        )
        return self._page("Submissions", fill("two_step/list.html", number=number, found=found), session)

    async def detail(self, request: Request, session: Session | None) -> Response:
        """Show one submission with the carrier's decision."""
        post, now = self._asked(request), self.desk.clock.now_ms()
        if post is None or post.status != ACCEPTED:
            return self._nothing(session, 404)
        is_published = post.decision_at(now) is not None
        body = fill(
            "two_step/detail.html",
            number=post.invoice_number,
            receipt=post.receipt,
            status=status_of(post, now),
            billed=dollars(post.total_cents),
            approved=approved_amount(post, is_published=is_published),
            rows=review_rows(post, is_published=is_published),
        )
        return self._page("Submission", body, session)

    def _asked(self, request: Request) -> Post | None:
        return self.desk.store.post(request.path_params["post_id"], self.desk.site.slug)

    def _nothing(self, session: Session | None, status: int) -> Response:
        return self._page("Submissions", Html('<p id="nothing">No submissions on file.</p>'), session, status)

    def _step(self, name: str, message: str) -> Response:
        text = Html(f'<p id="auth-message">{message}</p>') if message else ""
        return self._page("Log on", fill(f"two_step/{name}.html", message=text), None)

    def _form(self, session: Session | None, message: str) -> Response:
        text = Html(f'<p id="submit-message">{message}</p>') if message else ""
        token = session.form_token if session else ""
        return self._page("Submit invoice", fill("two_step/submit.html", message=text, token=token), session)

    def _page(self, heading: str, body: Html, session: Session | None, status: int = 200) -> Response:
        site = self.desk.site
        menu = fill("two_step/menu.html") if session else ""
        page = fill(
            "two_step/frame.html", heading=heading, title=site.title, brand=brand(site.slug), menu=menu, body=body
        )
        return HTMLResponse(page, status)


def _received(post: Post) -> Html:
    return fill(
        "two_step/received.html", number=post.invoice_number, amount=dollars(post.total_cents), receipt=post.receipt
    )


def _refused(post: Post) -> Html:
    problems = []
    for one in post.problems:
        where = ", ".join(part for part in (f"Line {one.line}" if one.line else "", one.field) if part)
        text = f"{where}: {one.text}" if where else one.text
        problems.append(fill("two_step/problem.html", line=one.line or "", field=one.field, text=text))
    return fill("two_step/refused.html", problems=Html("".join(problems)))


def _cells(post: Post, now_ms: int) -> list[tuple[str, object]]:
    return [
        ("s-invoice", link(f"/portal/submissions/{post.id}", post.invoice_number)),
        ("s-matter", post.matter_id),
        ("s-amount", dollars(post.total_cents)),
        ("s-checksum", post.sha256),
        ("s-received", written_at(post.at_ms)),
        ("s-reference", post.receipt),
        ("s-status", status_of(post, now_ms)),
    ]
