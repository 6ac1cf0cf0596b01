"""Platform 11: a bill counter of three pages, matter, file, certificate; then a slip with the receipt."""

from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response

from sandbox.portals.bill import Bill, Finding, dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.form_portal import Doors, FormPortal
from sandbox.portals.markup import Html
from sandbox.portals.platform import Page, page_number, posted_file, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, STAGED, Post
from sandbox.portals.wording import status_of, written_at


class WizardPortal(FormPortal):
    """The bill counter of juniper. Nothing is handed in before the certificate of the third page."""

    folder = "wizard"
    cookie = "counter_ticket"
    assets = ("wizard.css",)
    doors = Doors("/counter/enter", "/counter/leave", "/counter", "login_name", "pass_phrase")
    new_labels: ClassVar[dict[str, str]] = {">Bill file<": ">Your bill<", ">Check the bill<": ">Go on<"}
    notices: ClassVar[dict[FaultKind, tuple[str, str]]] = {
        FaultKind.MAINTENANCE: ("counter-closed", "The counter is closed for stocktaking."),
        FaultKind.SERVER_ERROR: ("counter-fault", "The counter could not answer."),
        FaultKind.CHALLENGE: ("counter-check", "Please show that you are a person."),
        FaultKind.EXPIRED_PASSWORD: ("counter-expired", "Your pass phrase has run out. Choose a new one."),
    }
    log_in_faults: ClassVar[dict[SignIn, str]] = {
        SignIn.BAD: "Log-in name and pass phrase do not go together.",
        SignIn.LOCKED: "This log-in name is locked. Call the counter.",
    }

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            *self.entrance(),
            Page("GET", "/counter/bill/matter", PageKind.UPLOAD, self.matter),
            Page("GET", "/counter/bill/file", PageKind.UPLOAD, self.file),
            Page("POST", "/counter/bill/file", PageKind.UPLOAD, self.check),
            Page("GET", "/counter/bill/{post_id:int}/certify", PageKind.UPLOAD, self.certificate),
            Page("POST", "/counter/bill/{post_id:int}/certify", PageKind.SUBMIT, self.certify),
            Page("GET", "/counter/bill/{post_id:int}/slip", PageKind.RESULT, self.slip),
            Page("GET", "/counter/bills", PageKind.LIST, self.bills),
        ]

    async def matter(self, _request: Request, session: Session | None) -> Response:
        """Ask for the matter: page 1 of 3."""
        known = sorted(self.desk.carriers[0].matters.values(), key=lambda one: one.law_firm_matter_id)
        options = Html("".join(
            self.part("option", number=one.law_firm_matter_id, claim=one.claim_number) for one in known if one.is_open
        ))  # fmt: skip
        return self.page("Hand in a bill", self.part("matter", options=options), session)

    async def file(self, request: Request, session: Session | None) -> Response:
        """Ask for the file: page 2 of 3."""
        return self._file_form(session, request.query_params.get("matter", ""), Html(""))

    async def check(self, request: Request, session: Session | None) -> Response:
        """Judge the file; a bill that can be taken waits for its certificate."""
        sent, matter = await posted_file(request, session), await posted_text(request, "matter")
        if sent is None or session is None:
            return self._file_form(session, matter, self.part("fault", text="Choose the bill file."))

        def is_of_matter(bill: Bill) -> list[Finding]:
            text = f"The bill is for matter {bill.matter_id}; you chose {matter}."
            return [] if bill.matter_id == matter else [Finding(None, "LAW_FIRM_MATTER_ID", text)]

        post = self.desk.receive(session.account, self.desk.carriers[0], *sent, also=is_of_matter)
        if post.status == REFUSED:
            reasons = Html("".join(self._reason(one) for one in post.problems))
            return self.page("Not taken", self.part("refused", file=post.file_name, reasons=reasons), session)
        return see(f"/counter/bill/{post.id}/certify")

    async def certificate(self, request: Request, session: Session | None) -> Response:
        """Ask for the certificate: page 3 of 3."""
        post = self.asked(request)
        if post is None or post.status != STAGED:
            return see("/counter/bills")
        return self._certificate(post, session, Html(""))

    async def certify(self, request: Request, session: Session | None) -> Response:
        """Take the bill."""
        post, form = self.asked(request), await request.form()
        if post is None or session is None or session.form_token not in form.values():
            return see("/counter/bills")
        if post.status == STAGED and "certified" not in form.values():
            return self._certificate(post, session, self.part("fault", text="Certify the bill, or leave it."))
        if post.status == STAGED:
            self.desk.accept(post)
        return see(f"/counter/bill/{post.id}/slip")

    async def slip(self, request: Request, session: Session | None) -> Response:
        """Show the receipt."""
        post = self.asked(request)
        if post is None or post.status != ACCEPTED:
            return see("/counter/bills")
        slip = self.part(
            "slip", number=post.invoice_number, amount=dollars(post.total_cents), receipt=post.receipt,
            at=written_at(post.at_ms),
        )  # fmt: skip
        return self.page("Your slip", slip, session)

    async def bills(self, request: Request, session: Session | None) -> Response:
        """List or search what was handed in."""
        number, now = request.query_params.get("bill", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page_number(request), now)
        found = Html("".join(self._card(post, now) for post in posts)) if posts else self.part("none")
        return self.page("My bills", self.part("bills", number=number, found=found), session)

    def _file_form(self, session: Session | None, matter: str, message: Html) -> Response:
        token = session.form_token if session else ""
        body = self.part("file", matter=matter, token=token, message=message)
        return self.page("Hand in a bill", body, session)

    def _certificate(self, post: Post, session: Session | None, message: Html) -> Response:
        body = self.part(
            "certify", id=post.id, number=post.invoice_number, amount=dollars(post.total_cents),
            matter=post.matter_id, token=session.form_token if session else "", message=message,
        )  # fmt: skip
        return self.page("Hand in a bill", body, session)

    def _card(self, post: Post, now_ms: int) -> Html:
        return self.part(
            "card", number=post.invoice_number, claim=post.claim_number, amount=dollars(post.total_cents),
            receipt=post.receipt, decision=status_of(post, now_ms),
        )  # fmt: skip

    def _reason(self, finding: Finding) -> Html:
        return self.part("reason", line=finding.line or "-", field=finding.field, text=finding.text)
