"""One invoice: its lines, what the site said, its revisions and files, and what may be done with it."""

import asyncio
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import as_dollars
from models import InvoiceLine, SiteFinding
from models.enums import DecisionStatus, DocumentStatus, EntryKind, MailingStatus, Role, SubmissionStatus
from services.invoicing.invoice_documents import visible_invoice
from services.invoicing.invoice_queries import InvoiceDetail, RevisionRow, get_invoice
from services.invoicing.invoice_views import FileState, file_states
from services.invoicing.invoice_voids import void_invoice
from services.ledes_desk.ledes_preview import LedesPreview, preview_ledes
from services.mailing.answers import awaits_answer
from services.mailing.dispatching import SendResult, send_invoices
from services.mailing.mailing_list import MailState, mail_states
from state.acting import ActingState
from state.addresses import number_in
from state.guard import actor, guarded
from state.history_rows import HistoryEvent, history_event
from state.invoicing.invoice_rows import InvoiceItem, invoice_item
from state.invoicing.sent_words import sent_words
from state.live import changes
from state.words import moment, units

_REASON = 500
_MAIL_OVER = (MailingStatus.SENT, MailingStatus.BOUNCED)


@dataclass(frozen=True)
class LineItem:
    """One line of the current revision, with what the site said about it."""

    number: str
    is_fee: bool
    worked_on: str
    timekeeper: str
    codes: str
    narrative: str
    units: str
    unit_cost: str
    amount: str
    said: str


@dataclass(frozen=True)
class Said:
    """What the site said; `line` is '' when it is about the whole invoice."""

    line: str
    code: str
    message: str
    reduction: str


@dataclass(frozen=True)
class RevisionItem:
    """One revision and where its file is downloaded."""

    number: str
    made_at: str
    reason: str
    amount: str
    line_count: str
    file_name: str
    sha256: str
    href: str
    pdf_href: str


@dataclass(frozen=True)
class Detail:
    """What the page needs of one invoice, read in one go."""

    found: InvoiceDetail
    file: FileState | None
    mail: MailState | None
    preview: LedesPreview | None
    awaits_answer: bool


class InvoicePage(ActingState, rx.State):
    """The invoice that the address names; nothing is open while `item_id` is ''."""

    item_id: str = ""
    item: InvoiceItem = InvoiceItem(*[""] * 20)
    finalized: str = ""
    replaces_href: str = ""
    lines: list[LineItem] = []
    said: list[Said] = []
    revisions: list[RevisionItem] = []
    history: list[HistoryEvent] = []
    may_queue: bool = False
    may_correct: bool = False
    may_void: bool = False
    may_answer: bool = False
    is_loading: bool = False
    is_previewing: bool = False
    is_voiding: bool = False
    preview_title: str = ""
    preview_fields: list[str] = []
    preview_records: list[list[str]] = []

    _roles = frozenset({Role.BILLER, Role.ATTORNEY, Role.ADMIN})
    _version: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Open the invoice that the address names."""
        wanted = str(number_in(self.router.url.path) or "")
        if wanted != self.item_id:
            self.problem, self.kept_text, self.is_previewing = "", "", False
            self.item_id, self.is_loading = wanted, bool(wanted)
        if wanted:
            await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the open invoice up to date."""
        async for _ in changes(self, "invoice", "submission", "mailing"):
            async with self:
                if self.item_id:
                    await self._refresh()

    @rx.event
    @guarded(by_page=True)
    async def toggle_preview(self) -> None:
        """Show or hide the file's records under their field names."""
        self.is_previewing = not self.is_previewing
        await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def queue(self) -> EventSpec | None:
        """Put the invoice's file into the queue."""
        invoice_id = int(self.item_id or 0)
        result = await self._try(lambda: _queue(invoice_id))
        await self._refresh()
        if result is None:
            return None
        if result.blocked:
            blockers = result.blocked[0].blockers
            self.problem = " ".join(f"{blocker.message} ({blocker.owner.capitalize()})" for blocker in blockers)
            return None
        return rx.toast.success(sent_words(result))

    @rx.event
    @guarded(Role.BILLER)
    async def ask_void(self, is_open: bool) -> None:  # noqa: FBT001 -- a dialog's event
        """Open or close the question whether to void the invoice."""
        self.is_voiding, self.problem, self.kept_text = is_open, "", ""

    @rx.event
    @guarded(Role.BILLER)
    async def void(self, form: dict[str, str]) -> EventSpec | None:
        """Void the invoice; its number stays taken and its entries can be billed again."""
        reason = form.get("note", "")[:_REASON]
        invoice_id, version = int(self.item_id or 0), self._version
        done = await self._try(lambda: _void(invoice_id, version, reason), typed=reason)
        await self._refresh()
        if not done:
            return None
        self.is_voiding = False
        return rx.toast.success(f"Invoice {self.item.number} is voided; its entries can be billed again.")

    async def _refresh(self) -> None:
        invoice_id = int(self.item_id or 0)
        try:
            detail = await asyncio.to_thread(_read, invoice_id, with_preview=self.is_previewing)
        except BillingError as error:
            self.problem, self.is_loading, self.item_id = error.user_message, False, ""
            return
        self._show(detail)
        self.is_loading = False

    def _show(self, detail: Detail) -> None:
        found, row = detail.found, detail.found.row
        self._version = row.version
        self.item = invoice_item(row, detail.file, mail=detail.mail)
        self.finalized = f"{found.finalized_by}, {moment(row.finalized_at)}"
        self.replaces_href = f"/invoices/{found.replaces_invoice_id}" if found.replaces_invoice_id else ""
        said = _by_line(found.findings)
        self.lines = [_line(line, said.get(line.line_number, "")) for line in found.lines]
        self.said = [_said(finding) for finding in found.findings]
        self.revisions = [_revision(revision) for revision in found.revisions]
        self.history = [
            history_event(event.at, event.tag, event.actor_name, event.note, event.data) for event in found.history
        ]
        self._show_verbs(detail)
        self._show_preview(detail.preview)

    def _show_verbs(self, detail: Detail) -> None:
        row, file, who = detail.found.row, detail.file, actor()
        verbs = {verb for verb, _ in detail.found.verbs}
        is_open = row.document_status is DocumentStatus.OPEN
        is_mailed = detail.mail is not None and detail.mail.status not in _MAIL_OVER
        is_still = (file is None or file.status is SubmissionStatus.REFUSED) and not is_mailed
        is_rejected = row.document_status is DocumentStatus.DELIVERED and row.decision_status is DecisionStatus.REJECTED
        self.may_queue = is_open and file is None and detail.mail is None and who.has(Role.BILLER)
        self.may_answer = who.has(Role.BILLER) and detail.awaits_answer
        self.may_void = "void" in verbs and is_still
        self.may_correct = who.has(Role.BILLER, Role.ATTORNEY) and ((is_open and is_still) or is_rejected)

    def _show_preview(self, preview: LedesPreview | None) -> None:
        if preview is None:
            self.preview_title, self.preview_fields, self.preview_records = "", [], []
            return
        shown = f", the first {len(preview.records)}" if len(preview.records) < preview.record_count else ""
        sizes = f"{preview.byte_count:,} bytes · {preview.record_count} records{shown}"
        self.preview_title = f"{preview.file_name} · {preview.version} · {sizes}"
        self.preview_fields = list(preview.fields)
        self.preview_records = [list(record) for record in preview.records]


def _read(invoice_id: int, *, with_preview: bool) -> Detail:
    with read_only() as session:
        found = get_invoice(session, actor(), invoice_id=invoice_id)
        file = file_states(session, [invoice_id]).get(invoice_id)
        mail = mail_states(session, [invoice_id]).get(invoice_id)
        preview = preview_ledes(session, actor(), revision_id=found.revisions[0].id) if with_preview else None
        awaits = mail is not None and awaits_answer(session, visible_invoice(session, actor(), invoice_id))
        return Detail(found, file, mail, preview, awaits)


def _queue(invoice_id: int) -> SendResult:
    with unit_of_work() as session:
        return send_invoices(session, actor(), invoice_ids=[invoice_id])


def _void(invoice_id: int, version: int, reason: str) -> bool:
    with unit_of_work() as session:
        void_invoice(session, actor(), invoice_id=invoice_id, expected_version=version, reason=reason)
    return True


def _by_line(findings: tuple[SiteFinding, ...]) -> dict[int, str]:
    said: dict[int, str] = {}
    for finding in findings:
        if finding.line_number is not None:
            said[finding.line_number] = f"{said.get(finding.line_number, '')} {finding.message}".strip()
    return said


def _line(line: InvoiceLine, said: str) -> LineItem:
    codes = (line.task_code, line.activity_code, line.expense_code)
    return LineItem(
        number=str(line.line_number),
        is_fee=line.kind is EntryKind.FEE,
        worked_on=f"{line.worked_on.day} {line.worked_on:%b}",
        timekeeper=line.timekeeper_name,
        codes=" ".join(code for code in codes if code),
        narrative=line.narrative,
        units=units(line.units),
        unit_cost=as_dollars(line.unit_cost),
        amount=as_dollars(line.total_amount),
        said=said,
    )


def _said(finding: SiteFinding) -> Said:
    return Said(
        line=str(finding.line_number) if finding.line_number is not None else "",
        code=finding.code,
        message=finding.message,
        reduction=as_dollars(finding.reduction_amount) if finding.reduction_amount else "",
    )


def _revision(revision: RevisionRow) -> RevisionItem:
    return RevisionItem(
        number=str(revision.number),
        made_at=moment(revision.created_at),
        reason=revision.reason or "As finalised",
        amount=as_dollars(revision.total_amount),
        line_count=str(revision.line_count),
        file_name=revision.file_name,
        sha256=revision.file_sha256[:12],
        href=f"/files/ledes/{revision.id}?download",
        pdf_href=f"/files/invoice-pdf/{revision.id}",
    )
