"""Platform 9: one post of one or many files, whose outcome is a report with one row an invoice."""

import csv
import io
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.portals.bill import Finding, dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.form_portal import Doors, FormPortal
from sandbox.portals.markup import Html, approved_amount, link, review_rows, rows
from sandbox.portals.platform import Page, page_number, posted_files, see
from sandbox.portals.reader import read_file
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, Post
from sandbox.portals.wording import status_of, written_at
from sandbox.portals.world import Carrier

_BATCH = "batch"
_COLUMNS = ("Invoice", "Client", "File", "Result", "Receipt", "Amount", "Reasons")


class BulkPortal(FormPortal):
    """The exchange of unison: a file goes to the carrier whose client id it names."""

    folder = "bulk"
    cookie = "XCHG_SESSION"
    assets = ("bulk.css",)
    doors = Doors("/exchange/logon", "/exchange/logoff", "/exchange/desktop", "operator", "passphrase")
    new_labels: ClassVar[dict[str, str]] = {">Post files<": ">Run<", ">Invoice files<": ">Input<"}
    notices: ClassVar[dict[FaultKind, tuple[str, str]]] = {
        FaultKind.MAINTENANCE: ("xc-down", "The exchange is closed for its maintenance window."),
        FaultKind.SERVER_ERROR: ("xc-abend", "The exchange ended your request with an internal error."),
        FaultKind.CHALLENGE: ("xc-robot", "Type the characters in the picture to go on."),
        FaultKind.EXPIRED_PASSWORD: ("xc-expired", "Your passphrase has expired."),
    }
    log_in_faults: ClassVar[dict[SignIn, str]] = {
        SignIn.BAD: "Operator or passphrase is not valid.",
        SignIn.LOCKED: "This operator has been locked. Contact the exchange's service desk.",
    }

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            *self.entrance(),
            Page("GET", "/exchange/post", PageKind.UPLOAD, self.post_form),
            Page("POST", "/exchange/post", PageKind.SUBMIT, self.take),
            Page("GET", "/exchange/batches/{batch:int}", PageKind.RESULT, self.batch),
            Page("GET", "/exchange/batches/{batch:int}/state", PageKind.RESULT, self.state),
            Page("GET", "/exchange/batches/{batch:int}/report", PageKind.RESULT, self.report),
            Page("GET", "/exchange/batches/{batch:int}/report.csv", PageKind.RESULT, self.report_file),
            Page("GET", "/exchange/invoices", PageKind.LIST, self.invoices),
            Page("GET", "/exchange/invoices/{post_id:int}", PageKind.RESULT, self.invoice),
        ]

    async def post_form(self, _request: Request, session: Session | None) -> Response:
        """Show the upload form."""
        return self._form(session, "")

    async def take(self, request: Request, session: Session | None) -> Response:
        """Take every file for itself; a batch is named by its first post."""
        sent = await posted_files(request, session)
        if not sent or session is None:
            return self._form(session, "Choose at least one file.")
        posts = [self.desk.receive(session.account, self._carrier(data), name, data) for name, data in sent]
        for post in posts:
            self.desk.store.marks.put(post.id, _BATCH, posts[0].id)
            if post.status != REFUSED:
                self.desk.accept(post)
        return see(f"/exchange/batches/{posts[0].id}")

    async def batch(self, request: Request, session: Session | None) -> Response:
        """Show whether a batch is done, and then its report."""
        posts = self._posts(request)
        if not posts:
            return self._unknown(session)
        number, is_done = posts[0].id, not any(self.desk.is_processing(post) for post in posts)
        more = self.part("done" if is_done else "running", number=number)
        return self.page(f"Batch {number}", self.part("batch", number=number, files=len(posts), more=more), session)

    async def state(self, request: Request, _session: Session | None) -> Response:
        """Answer the polling page."""
        posts = self._posts(request)
        return JSONResponse({"done": not any(self.desk.is_processing(post) for post in posts)}, 200 if posts else 404)

    async def report(self, request: Request, session: Session | None) -> Response:
        """Show the report as a page: one row an invoice."""
        posts = self._posts(request)
        if not posts or any(self.desk.is_processing(post) for post in posts):
            return self._unknown(session)
        table = Html("\n".join(self._report_row(post) for post in posts))
        return self.page("Result report", self.part("report", number=posts[0].id, rows=table), session)

    async def report_file(self, request: Request, session: Session | None) -> Response:
        """Give the report as a file to download."""
        posts = self._posts(request)
        if not posts or any(self.desk.is_processing(post) for post in posts):
            return self._unknown(session)
        written = io.StringIO()
        sheet = csv.writer(written)
        sheet.writerow(_COLUMNS)
        sheet.writerows(_csv_row(post) for post in posts)
        headers = {"content-disposition": f'attachment; filename="batch-{posts[0].id}.csv"'}
        return Response(written.getvalue(), media_type="text/csv", headers=headers)

    async def invoices(self, request: Request, session: Session | None) -> Response:
        """List or search what was accepted."""
        number, now = request.query_params.get("number", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, [ACCEPTED], number, page_number(request), now)
        found = (
            self.part("table", rows=rows([_cells(post, now) for post in posts], "xc-row"))
            if posts
            else self.part("none")
        )
        return self.page("Posted invoices", self.part("list", number=number, found=found), session)

    async def invoice(self, request: Request, session: Session | None) -> Response:
        """Show one invoice with the carrier's decision."""
        post, now = self.asked(request), self.desk.clock.now_ms()
        if post is None or post.status != ACCEPTED:
            return self._unknown(session)
        is_published = post.decision_at(now) is not None
        body = self.part(
            "invoice",
            number=post.invoice_number,
            receipt=post.receipt,
            client=self.desk.world.carriers[post.carrier].name,
            status=status_of(post, now),
            billed=dollars(post.total_cents),
            approved=approved_amount(post, is_published=is_published),
            rows=review_rows(post, is_published=is_published),
        )
        return self.page("Invoice", body, session)

    def _carrier(self, data: bytes) -> Carrier:
        """Return the carrier whose format and client id a file has; the exchange's first one judges all others."""
        for carrier in self.desk.carriers:
            bill = read_file(data, carrier.file_format, carrier.habits).bill
            if bill is not None and bill.client_id == carrier.client_id:
                return carrier
        return self._by_client(data)

    def _by_client(self, data: bytes) -> Carrier:
        """Return the carrier that a faulty file names somewhere, so that it is told its own faults."""
        text = data.decode("latin-1")
        named = (one for one in self.desk.carriers if f"|{one.client_id}|" in text or f">{one.client_id}<" in text)
        return next(named, self.desk.carriers[0])

    def _posts(self, request: Request) -> list[Post]:
        found = self.desk.store.marks.posts(_BATCH, request.path_params["batch"])
        posts = [self.desk.store.post(post_id, self.desk.site.slug) for post_id in found]
        return [post for post in posts if post is not None]

    def _report_row(self, post: Post) -> Html:
        reasons = [
            self.part("reason", line=one.line or "", field=one.field, text=_reason(one)) for one in post.problems
        ]
        return self.part(
            "row",
            kind="refused" if post.status == REFUSED else "accepted",
            number=post.invoice_number,
            client=post.client_id,
            file=post.file_name,
            result="Refused" if post.status == REFUSED else "Accepted",
            receipt=post.receipt or "",
            amount=dollars(post.total_cents),
            reasons=Html("".join(reasons)),
        )

    def _unknown(self, session: Session | None) -> Response:
        return self.page("Not found", self.part("none"), session, 404)

    def _form(self, session: Session | None, message: str) -> Response:
        text = self.part("fault", text=message) if message else Html("")
        token = session.form_token if session else ""
        return self.page("Post invoices", self.part("post", message=text, token=token), session)


def _reason(finding: Finding) -> str:
    where = ", ".join(part for part in (f"Line {finding.line}" if finding.line else "", finding.field) if part)
    return f"{where}: {finding.text}" if where else finding.text


def _csv_row(post: Post) -> list[str]:
    is_refused = post.status == REFUSED
    return [
        post.invoice_number,
        post.client_id,
        post.file_name,
        "Refused" if is_refused else "Accepted",
        post.receipt or "",
        dollars(post.total_cents),
        "; ".join(_reason(one) for one in post.problems),
    ]


def _cells(post: Post, now_ms: int) -> list[tuple[str, object]]:
    return [
        ("xc-number", link(f"/exchange/invoices/{post.id}", post.invoice_number)),
        ("xc-client", post.client_id),
        ("xc-matter", post.matter_id),
        ("xc-total", dollars(post.total_cents)),
        ("xc-sha", post.sha256),
        ("xc-posted", written_at(post.at_ms)),
        ("xc-receipt", post.receipt),
        ("xc-status", status_of(post, now_ms)),
    ]
