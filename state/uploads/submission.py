"""One submission: the site's proof, its history, and what a person may decide."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from core.errors import BillingError
from core.money import as_dollars
from models import AuditEvent
from models.enums import ReceiptSource, Role, SubmissionStatus
from services.uploads import hand_uploads, submissions
from services.uploads.doubts import list_deciders, look_again, reassign_doubt
from services.uploads.hand_uploads import LARGEST_PROOF, PROOF
from services.uploads.submission_board import EvidenceRow, SubmissionDetail, get_submission
from services.uploads.submission_people import names_of
from state.acting import ActingState
from state.addresses import number_in
from state.guard import actor, guarded
from state.history_rows import HistoryEvent, history_event
from state.live import changes
from state.uploads.doubt_rows import Decider, Sight, listings, sights, timings
from state.uploads.submissions import NO_SUBMISSION, SubmissionItem, submission_item
from state.words import moment, whole_number

PROOF_UPLOAD = "proof"
_NOTE = 900
_RECEIPT = 80
_KINDS = {"before": "Before the click", "after": "After it", "failure": "Where it stopped", "listing": ""}
_PEOPLE = ("decider_id", "former_decider_id")
_SHOWN_SHA = 12
_BY_PERSON = ("submission:confirm_delivered", "submission:record_by_hand")


@dataclass(frozen=True)
class Proof:
    """One piece of evidence in the strip; `sha256` is the beginning of a PDF's checksum, '' of anything else."""

    id: str
    label: str
    taken_at: str
    is_picture: bool
    sha256: str = ""


@dataclass(frozen=True)
class SiteSaid:
    """One finding of the site: where, what, and the cut."""

    line: str
    message: str
    reduction: str


class SubmissionPage(ActingState, rx.State):
    """The submission that the address names; nothing is open while `item_id` is ''."""

    item_id: str = ""
    item: SubmissionItem = NO_SUBMISSION
    receipt_source: str = ""
    vouched_by: str = ""
    delivered_at: str = ""
    site_text: str = ""
    queued: str = ""
    file_href: str = ""
    sha256: str = ""
    whole_sha256: str = ""
    pdf_sha256: str = ""
    is_set_aside: bool = False
    proofs: list[Proof] = []
    pictures: list[Proof] = []
    said: list[SiteSaid] = []
    history: list[HistoryEvent] = []
    verbs: list[str] = []
    sights: list[Sight] = []
    timings: list[str] = []
    has_listing: bool = False
    deciders: list[Decider] = []
    decider_id: str = ""
    can_reassign: bool = False
    is_loading: bool = False

    _roles = frozenset({Role.BILLER, Role.ADMIN})
    _version: int = 0

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Open the submission that the address names."""
        wanted = str(number_in(self.router.url.path) or "")
        if wanted != self.item_id:
            self.problem, self.kept_text = "", ""
            self.item_id, self.is_loading = wanted, bool(wanted)
        if wanted:
            await self._refresh()

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the open submission up to date."""
        async for _ in changes(self, "submission"):
            async with self:
                if self.item_id:
                    await self._refresh()

    @rx.event
    @guarded(Role.BILLER)
    async def confirm_delivered(self, form: dict[str, str]) -> EventSpec | None:
        """A person looked and the site has the file."""
        receipt, note = _typed(form)
        told = "Recorded as delivered on your word."
        return await self._decide(submissions.confirm_delivered, told, receipt_number=receipt, note=note)

    @rx.event
    @guarded(Role.BILLER)
    async def confirm_absent(self, form: dict[str, str]) -> EventSpec | None:
        """A person looked and the site does not have the file."""
        _, note = _typed(form)
        return await self._decide(submissions.confirm_absent, "It is sent again.", note=note)

    @rx.event
    @guarded(Role.BILLER)
    async def retry(self, form: dict[str, str]) -> EventSpec | None:
        """Try again, now that the cause is mended."""
        _, note = _typed(form)
        return await self._decide(submissions.retry, "It is in the queue again.", note=note)

    @rx.event
    @guarded(Role.BILLER)
    async def record_by_hand(self, form: dict[str, str]) -> EventSpec | None:
        """A person uploaded the file by hand, and its proof is attached."""
        receipt, note = _typed(form)
        told = "Recorded as uploaded by hand."
        return await self._decide(submissions.record_by_hand, told, receipt_number=receipt, note=note)

    @rx.event
    @guarded(Role.BILLER)
    async def set_aside(self) -> EventSpec | None:
        """Take the file out of the queue, to upload it by hand."""
        return await self._decide(hand_uploads.set_aside, "Set aside. No machine sends it now.")

    @rx.event
    @guarded(Role.BILLER)
    async def refuse_proof(self) -> None:
        """Say why a proof was not even sent: the browser knows its size and kind."""
        most = LARGEST_PROOF // 1024 // 1024
        self.problem = f"A proof is one PNG, JPEG or PDF of at most {most} MB. Nothing was kept; save a smaller one."

    @rx.event
    @guarded(Role.BILLER)
    async def attach_proof(self, files: list[rx.UploadFile]) -> EventSpec | None:
        """Keep what was dropped as proof of an upload by hand."""
        if len(files) != 1:
            return None
        name, content = files[0].name or "Proof", await files[0].read()
        submission_id, version = int(self.item_id or 0), self._version
        kept = await self._try(lambda: _attach(submission_id, version, name, content))
        await self._refresh()
        return rx.toast.success("The proof is attached.") if kept else None

    @rx.event
    @guarded(Role.BILLER)
    async def look_again(self) -> EventSpec | None:
        """Let a worker look on the site once more; nothing is sent by it."""
        return await self._decide(look_again, "A worker looks on the site. Nothing is sent; the answer appears here.")

    @rx.event
    @guarded(Role.BILLER, Role.ADMIN)
    async def reassign(self, form: dict[str, str]) -> EventSpec | None:
        """Name another decider, or give more time."""
        decider, hours = whole_number(form.get("decider", "")), whole_number(form.get("hours", ""))
        submission_id, version = int(self.item_id or 0), self._version
        done = await self._try(lambda: _reassign(submission_id, version, decider, hours))
        problem = self.problem
        await self._refresh()
        self.problem = problem or self.problem
        return rx.toast.success("They are told, and the deadline is set.") if done else None

    async def _decide(self, verb: Callable[..., object], told: str, **given: str) -> EventSpec | None:
        submission_id, version = int(self.item_id or 0), self._version
        done = await self._try(
            lambda: _carry_out(verb, submission_id, version, given), typed=" · ".join(filter(None, given.values()))
        )
        await self._refresh()
        return rx.toast.success(told) if done else None

    async def _refresh(self) -> None:
        submission_id = int(self.item_id or 0)
        try:
            detail, people, deciders = await asyncio.to_thread(_read, submission_id)
        except BillingError as error:
            self.problem, self.is_loading, self.item_id = error.user_message, False, ""
            return
        self._show(detail, people)
        self._show_doubt(detail, deciders)
        self.is_loading = False

    def _show(self, detail: SubmissionDetail, people: dict[int, str]) -> None:
        row = detail.submission
        self._version = row.version
        self.item = submission_item(detail.row)
        self.receipt_source = row.receipt_source.value if row.receipt_source else ""
        self.vouched_by = _vouched_by(detail.history, people) if row.receipt_source is ReceiptSource.PERSON else ""
        self.delivered_at = moment(row.delivered_at) if row.delivered_at else ""
        self.site_text = row.site_text
        self.queued = f"{people.get(row.queued_by_id, '')}, {moment(row.created_at)}"
        self.file_href, self.sha256 = f"/files/ledes/{row.invoice_revision_id}?download", row.file_sha256[:_SHOWN_SHA]
        self.pdf_sha256 = row.pdf_sha256[:_SHOWN_SHA]
        self.whole_sha256, self.is_set_aside = row.file_sha256, row.error_code == "set_aside"
        self.pictures = [_proof(piece) for piece in detail.evidence]
        self.proofs = [_proof(piece) for piece in detail.evidence if (piece.kind, piece.fence) == (PROOF, row.fence)]
        self.said = [
            SiteSaid(
                f"Line {said.line_number}" if said.line_number is not None else "Invoice",
                said.message,
                as_dollars(said.reduction_amount) if said.reduction_amount else "",
            )
            for said in detail.findings
        ]
        self.history = [
            history_event(
                event.at, event.tag, people.get(event.actor_id or 0, "The portal"), event.note, event.data, people
            )
            for event in reversed(detail.history)
        ]
        self.verbs = detail.verbs

    def _show_doubt(self, detail: SubmissionDetail, deciders: list[tuple[int, str]]) -> None:
        is_doubt = detail.submission.status is SubmissionStatus.IN_DOUBT
        self.sights = sights(detail.evidence) if is_doubt else []
        self.timings = timings(detail.history) if is_doubt else []
        self.has_listing = bool(listings(detail.evidence))
        self.deciders = [Decider(str(key), name) for key, name in deciders]
        self.decider_id, self.can_reassign = str(detail.submission.decider_id or ""), bool(deciders)


def _read(submission_id: int) -> tuple[SubmissionDetail, dict[int, str], list[tuple[int, str]]]:
    with read_only() as session:
        detail = get_submission(session, actor(), submission_id=submission_id)
        ids = {event.actor_id for event in detail.history} | {detail.submission.queued_by_id}
        ids |= {event.data.get(name) for event in detail.history for name in _PEOPLE}
        is_doubt = detail.submission.status is SubmissionStatus.IN_DOUBT
        deciders = list_deciders(session, actor()) if is_doubt and actor().has(Role.BILLER, Role.ADMIN) else []
        return detail, names_of(session, {user_id for user_id in ids if isinstance(user_id, int)}), deciders


def _reassign(submission_id: int, version: int, decider_id: int, hours: int) -> bool:
    with unit_of_work() as session:
        reassign_doubt(
            session,
            actor(),
            submission_id=submission_id,
            expected_version=version,
            decider_id=decider_id,
            hours=hours,
        )
    return True


def _carry_out(verb: Callable[..., object], submission_id: int, version: int, given: dict[str, str]) -> bool:
    with unit_of_work() as session:
        verb(session, actor(), submission_id=submission_id, expected_version=version, **given)
    return True


def _attach(submission_id: int, version: int, name: str, content: bytes) -> int:
    with unit_of_work() as session:
        return hand_uploads.attach_proof(
            session, actor(), submission_id=submission_id, expected_version=version, name=name, content=content
        )


def _typed(form: dict[str, str]) -> tuple[str, str]:
    return form.get("receipt_number", "").strip()[:_RECEIPT], form.get("note", "").strip()[:_NOTE]


def _vouched_by(history: list[AuditEvent], people: dict[int, str]) -> str:
    word = next((event for event in reversed(history) if event.tag in _BY_PERSON), None)
    return people.get(word.actor_id or 0, "") if word else ""


def _proof(piece: EvidenceRow) -> Proof:
    kind = _KINDS.get(piece.kind, piece.kind.replace("_", " ").capitalize())
    label = ": ".join(word for word in (kind, piece.label) if word)
    is_picture, is_pdf = piece.media_type.startswith("image/"), piece.media_type == "application/pdf"
    checksum = piece.sha256[:_SHOWN_SHA] if is_pdf else ""
    return Proof(str(piece.evidence_id), label, f"{piece.taken_at:%H:%M:%S}", is_picture, checksum)
