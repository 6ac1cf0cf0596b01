"""Platform 8: bills, and PDFs matched by the number in their names, wait in a batch: Validate, then Submit All."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response

from sandbox.portals.bill import Finding, dollars
from sandbox.portals.desk import SignIn
from sandbox.portals.faults import FaultKind, PageKind
from sandbox.portals.form_portal import Doors, FormPortal
from sandbox.portals.markup import Html, approved_amount, link, review_rows, rows
from sandbox.portals.papers import Paper
from sandbox.portals.platform import Page, page_number, posted_files, posted_text, see
from sandbox.portals.sessions import Session
from sandbox.portals.store import ACCEPTED, REFUSED, STAGED, Post
from sandbox.portals.wording import status_of, written_at

_CHECKED, _CONFIRMATION = "checked", "confirmation"
_STATES = {STAGED: "In batch", ACCEPTED: "Submitted", REFUSED: "Rejected"}
_PDF_START, _PDF_END, _END_WITHIN = b"%PDF-", b"%%EOF", 1024


class MatchedPortal(FormPortal):
    """The counsel portal of meridian and stonegate. A bill that fails Validate leaves the batch."""

    folder = "matched"
    cookie = "cg_visit"
    assets = ("matched.css",)
    doors = Doors("/counsel/login", "/counsel/logout", "/counsel/desk", "cg_user", "cg_word")
    new_labels: ClassVar[dict[str, str]] = {">Add to batch<": ">Attach<", ">LEDES bill<": ">Electronic bill<"}
    notices: ClassVar[dict[FaultKind, tuple[str, str]]] = {
        FaultKind.MAINTENANCE: ("cg-closed", "The counsel portal is closed while we make it better."),
        FaultKind.SERVER_ERROR: ("cg-trouble", "We are sorry, an error occurred."),
        FaultKind.CHALLENGE: ("cg-check", "Before you continue, confirm that you are a person."),
        FaultKind.EXPIRED_PASSWORD: ("cg-expired", "Your password has expired. Choose a new one to sign on."),
    }
    log_in_faults: ClassVar[dict[SignIn, str]] = {
        SignIn.BAD: "User or password is wrong.",
        SignIn.LOCKED: "Your user is locked after several failed attempts. Ask counsel support to unlock it.",
    }

    def pages(self) -> list[Page]:
        """Return the site's pages."""
        return [
            *self.entrance(),
            Page("GET", "/counsel/bills/new", PageKind.UPLOAD, self.new),
            Page("POST", "/counsel/bills/new", PageKind.UPLOAD, self.add),
            Page("GET", "/counsel/batch", PageKind.RESULT, self.batch),
            Page("POST", "/counsel/batch/validate", PageKind.RESULT, self.validate),
            Page("POST", "/counsel/batch/submit", PageKind.SUBMIT, self.submit),
            Page("POST", "/counsel/batch/{post_id:int}/remove", PageKind.RESULT, self.remove),
            Page("GET", "/counsel/confirmations/{number:int}", PageKind.RESULT, self.confirmation),
            Page("GET", "/counsel/bills", PageKind.LIST, self.bills),
            Page("GET", "/counsel/bills/{post_id:int}", PageKind.RESULT, self.bill),
        ]

    async def new(self, _request: Request, session: Session | None) -> Response:
        """Show the form for bills and PDFs."""
        return self._form(session, "")

    async def add(self, request: Request, session: Session | None) -> Response:
        """Put bills and PDFs into the batch; nothing is judged in public yet."""
        sent = await posted_files(request, session)
        if not sent or session is None:
            return self._form(session, "Choose a bill and its PDF.")
        for name, data in sent:
            if name.lower().endswith(".pdf"):
                self.desk.store.papers.add(self.desk.site.slug, session.account.username, name, data)
            else:
                self.desk.receive(session.account, self.desk.carriers[0], name, data)
        return see("/counsel/batch")

    async def batch(self, _request: Request, session: Session | None) -> Response:
        """Show what waits to be submitted."""
        return self._batch_page(session, Html(""))

    async def validate(self, request: Request, session: Session | None) -> Response:
        """Judge every bill of the batch; those with errors leave it and are told why."""
        if session is None or not await _is_meant(request, session):
            return see("/counsel/batch")
        waiting = self._waiting(session)
        self._match(waiting, session)
        wrong = [post for post in waiting if self._is_wrong(post)]
        for post in waiting:
            self.desk.store.marks.put(post.id, _CHECKED)
        if not wrong:
            return self._batch_page(session, self.part("valid") if waiting else Html(""))
        told = rows([_error_cells(post, one) for post in wrong for one in self.desk.kept(post.id).problems], "cg-error")
        return self._batch_page(session, self.part("errors", rows=told))

    async def submit(self, request: Request, session: Session | None) -> Response:
        """Submit every bill of the batch, if all of them are valid."""
        if session is None or not await _is_meant(request, session):
            return see("/counsel/batch")
        waiting = self._waiting(session)
        if not waiting or not all(self._is_valid(post) for post in waiting):
            fault = self.part("fault", text="Validate the batch before you submit it.")
            return self._batch_page(session, fault, 409)
        for post in waiting:
            self.desk.accept(post)
            self.desk.store.marks.put(post.id, _CONFIRMATION, waiting[0].id)
        return see(f"/counsel/confirmations/{waiting[0].id}")

    async def remove(self, request: Request, session: Session | None) -> Response:
        """Take one bill out of the batch."""
        post = self.asked(request)
        if session is not None and post is not None and post.status == STAGED and await _is_meant(request, session):
            self.desk.store.refuse(post.id, [Finding(None, "", "Taken out of the batch by its sender.")])
        return see("/counsel/batch")

    async def confirmation(self, request: Request, session: Session | None) -> Response:
        """Show the references of a submitted batch."""
        found = self.desk.store.marks.posts(_CONFIRMATION, request.path_params["number"])
        posts = [post for one in found if (post := self.desk.store.post(one, self.desk.site.slug))]
        if not posts:
            return self._nothing(session)
        table = rows([_confirmed_cells(post) for post in posts], "cg-confirmed-row")
        return self.page("Confirmation", self.part("confirmation", rows=table), session)

    async def bills(self, request: Request, session: Session | None) -> Response:
        """List or search bills, whatever their state."""
        number, now = request.query_params.get("number", "").strip(), self.desk.clock.now_ms()
        posts = self.desk.store.listed(self.desk.site.slug, list(_STATES), number, page_number(request), now)
        found = (
            self.part("table", rows=rows([self._cells(post, now) for post in posts], "cg-row"))
            if posts
            else self.part("none")
        )
        return self.page("Bills", self.part("list", number=number, found=found), session)

    async def bill(self, request: Request, session: Session | None) -> Response:
        """Show one submitted bill with the carrier's decision."""
        post, now = self.asked(request), self.desk.clock.now_ms()
        if post is None or post.status != ACCEPTED:
            return self._nothing(session)
        is_published = post.decision_at(now) is not None
        body = self.part(
            "bill",
            number=post.invoice_number,
            receipt=post.receipt,
            pdf=self._pdf_name(post),
            status=status_of(post, now),
            billed=dollars(post.total_cents),
            approved=approved_amount(post, is_published=is_published),
            rows=review_rows(post, is_published=is_published),
        )
        return self.page("Bill", body, session)

    def _waiting(self, session: Session) -> list[Post]:
        """Return the account's bills that are neither submitted nor found wrong by Validate, oldest first."""
        mine = session.account.username
        return [
            post for post in self.desk.store.every(self.desk.site.slug) if post.account == mine and self._waits(post)
        ]

    def _waits(self, post: Post) -> bool:
        is_told = self.desk.store.marks.has(post.id, _CHECKED)
        return post.status == STAGED or (post.status == REFUSED and not is_told and not _is_removed(post))

    def _match(self, posts: Sequence[Post], session: Session) -> None:
        """Bind each loose PDF of the account to the first bill without one whose number its file name holds."""
        for paper in self._loose(session):
            bare = (post for post in posts if _names(paper, post) and self._paper(post) is None)
            owner = next(bare, None)
            if owner is not None:
                self.desk.store.papers.bind(paper.id, owner.id)

    def _is_wrong(self, post: Post) -> bool:
        """Say whether Validate finds a bill wrong; a missing or broken PDF refuses it."""
        if post.status == STAGED and (fault := self._pdf_fault(post)):
            self.desk.store.refuse(post.id, [Finding(None, "", fault)])
            return True
        return post.status == REFUSED

    def _pdf_fault(self, post: Post) -> str:
        paper = self._paper(post)
        if paper is None:
            return f"No PDF with {post.invoice_number} in its file name was added."
        data = self.desk.store.papers.data(paper.id)
        is_pdf = data.startswith(_PDF_START) and _PDF_END in data[-_END_WITHIN:]
        return "" if is_pdf else f"{paper.file_name} is not a PDF or is damaged."

    def _is_valid(self, post: Post) -> bool:
        return post.status == STAGED and self.desk.store.marks.has(post.id, _CHECKED) and self._paper(post) is not None

    def _paper(self, post: Post) -> Paper | None:
        papers = self.desk.store.papers.every(self.desk.site.slug)
        return next((paper for paper in papers if paper.post_id == post.id), None)

    def _pdf_name(self, post: Post) -> str:
        paper = self._paper(post)
        return paper.file_name if paper else "-"

    def _loose(self, session: Session) -> list[Paper]:
        papers = self.desk.store.papers.every(self.desk.site.slug)
        return [paper for paper in papers if paper.post_id is None and paper.account == session.account.username]

    def _state(self, post: Post) -> str:
        return _STATES[STAGED] if self._waits(post) else _STATES[post.status]

    def _cells(self, post: Post, now_ms: int) -> list[tuple[str, object]]:
        is_submitted = post.status == ACCEPTED
        number = link(f"/counsel/bills/{post.id}", post.invoice_number) if is_submitted else post.invoice_number
        return [
            ("c-invoice", number),
            ("c-matter", post.matter_id),
            ("c-claim", post.claim_number),
            ("c-amount", dollars(post.total_cents)),
            ("c-pdf", self._pdf_name(post)),
            ("c-added", written_at(post.at_ms)),
            ("c-reference", post.receipt or ""),
            ("c-state", self._state(post)),
            ("c-review", status_of(post, now_ms) if is_submitted else ""),
        ]

    def _batch_page(self, session: Session | None, result: Html, status: int = 200) -> Response:
        waiting = self._waiting(session) if session else []
        if session is None or not waiting:
            return self.page("Batch", Html(result + self.part("empty")), session, status)
        can_submit = all(self._is_valid(post) for post in waiting)
        submit = self.part("submit", token=session.form_token) if can_submit else ""
        loose = ", ".join(paper.file_name for paper in self._loose(session) if not _fits_one(paper, waiting))
        body = self.part(
            "batch",
            result=result,
            rows=Html("\n".join(self._batch_row(post, session) for post in waiting)),
            unmatched=self.part("unmatched", names=loose) if loose else "",
            actions=self.part("actions", token=session.form_token, submit=submit),
        )
        return self.page("Batch", body, session, status)

    def _batch_row(self, post: Post, session: Session) -> Html:
        coming = next((paper for paper in self._loose(session) if _names(paper, post)), None)
        paper = self._paper(post) or coming
        return self.part(
            "batch_row",
            id=post.id,
            number=post.invoice_number,
            file=post.file_name,
            pdf=paper.file_name if paper else "missing",
            total=dollars(post.total_cents),
            state="Valid" if self._is_valid(post) else "Not validated",
            token=session.form_token,
        )

    def _nothing(self, session: Session | None) -> Response:
        return self.page("Bills", self.part("none"), session, 404)

    def _form(self, session: Session | None, message: str) -> Response:
        count = len(self._waiting(session)) if session else 0
        body = self.part(
            "new",
            waiting=self.part("waiting", count=count) if count else "",
            message=self.part("fault", text=message) if message else "",
            token=session.form_token if session else "",
        )
        return self.page("Add bills", body, session)


async def _is_meant(request: Request, session: Session) -> bool:
    return await posted_text(request, "cg_token") == session.form_token


def _is_removed(post: Post) -> bool:
    return any(one.text.startswith("Taken out") for one in post.problems)


def _names(paper: Paper, post: Post) -> bool:
    """Say whether a PDF's file name holds a bill's number as a whole word."""
    words = re.split(r"[\s_]+", PurePath(paper.file_name).stem)
    return bool(post.invoice_number) and post.invoice_number.lower() in [word.lower() for word in words]


def _fits_one(paper: Paper, posts: Iterable[Post]) -> bool:
    return any(_names(paper, post) for post in posts)


def _error_cells(post: Post, one: Finding) -> list[tuple[str, object]]:
    return [
        ("e-bill", post.invoice_number or post.file_name),
        ("e-line", one.line or "-"),
        ("e-field", one.field),
        ("e-text", one.text),
    ]


def _confirmed_cells(post: Post) -> list[tuple[str, object]]:
    return [("k-invoice", post.invoice_number), ("k-amount", dollars(post.total_cents)), ("k-reference", post.receipt)]
