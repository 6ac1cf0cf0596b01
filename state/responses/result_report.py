"""A result report: dropped, tried dry, its columns mapped once a carrier, then recorded."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from models.enums import Role
from services.ledes_desk.ledes_bench import list_bench_carriers
from services.responses.result_inbox import OUTCOMES
from services.responses.result_reports import (
    ReportPreview,
    apply_report,
    held_report,
    hold_report,
    preview_report,
    remember_columns,
)
from state.acting import ActingState
from state.addresses import as_number
from state.guard import actor, guarded
from state.responses.assigning import assign
from state.responses.result_mail import ToldItem, told_item
from state.responses.results import DESK
from state.words import moment

UPLOAD = "result-report"
LARGEST = 5 * 1024 * 1024
_FACTS = {
    "invoice_number": "Invoice number",
    "decision": "Decision",
    "amount": "Approved amount",
    "billed": "Billed amount",
    "reason": "Reason",
    "line": "Line number",
    "reduction": "Reduction of the line",
    "paid": "Paid amount",
    "paid_on": "Paid on",
    "reference": "Payment reference",
}
_SHOWN = 200


@dataclass(frozen=True)
class Pick:
    """One thing to choose for: a fact of the report, or a word of the carrier; `value` is what looks right."""

    name: str
    label: str
    value: str


class ResultReportPage(ActingState, rx.State):
    """The report in hand; its bytes are in the store."""

    carriers: list[Pick] = []
    carrier_id: str = ""
    file_name: str = ""
    headings: list[str] = []
    picks: list[Pick] = []
    words: list[Pick] = []
    is_mapped: bool = True
    summary: str = ""
    unclear: str = ""
    was_applied: str = ""
    told: list[ToldItem] = []
    done: str = ""

    _roles = DESK
    _sha256: str = ""

    @rx.event
    @guarded(by_page=True)
    async def load(self) -> None:
        """Offer the carriers."""
        self.carriers = await self._try(_carriers) or []

    @rx.event
    @guarded(by_page=True)
    async def choose_carrier(self, carrier_id: str) -> None:
        """Say whose reports these are."""
        self._forget()
        self.carrier_id = carrier_id if as_number(carrier_id) is not None else ""

    @rx.event
    @guarded(by_page=True)
    async def refuse(self) -> None:
        """Say why a file was not even sent: the browser knows its size."""
        self.problem = "One file at a time, and at most 5 MB. Nothing was sent; export less of it."

    @rx.event
    @guarded(by_page=True)
    async def take(self, files: list[rx.UploadFile]) -> None:
        """Try the dropped report dry."""
        if len(files) != 1:
            self.problem = "Drop one file at a time. Nothing was read."
            return
        name, content = files[0].name or "report", await files[0].read()
        carrier_id = self._carrier()
        self._forget()
        found = await self._try(lambda: _preview(carrier_id, content))
        if found is not None:
            self.file_name, self._sha256 = name[:120], found[0]
            self._show(found[1])

    @rx.event
    @guarded(Role.ADMIN)
    async def remember(self, form: dict[str, str]) -> None:
        """Keep how this carrier's reports look, and try the report again."""
        carrier_id, sha256 = self._carrier(), self._sha256
        columns = {fact: form.get(f"column-{fact}", "")[:120] for fact in _FACTS}
        decisions = {word.label: form.get(word.name, "") for word in self.words if form.get(word.name)}
        found = await self._try(lambda: _remember(carrier_id, columns, decisions, sha256))
        if found is not None:
            self._show(found)

    @rx.event
    @guarded(by_page=True)
    async def record(self) -> EventSpec | None:
        """Record what the report says."""
        carrier_id, sha256, name = self._carrier(), self._sha256, self.file_name
        found = await self._try(lambda: _apply(carrier_id, sha256, name))
        if found is None:
            return None
        self._forget()
        self.done = f"Recorded: {found}."
        return rx.toast.success(self.done)

    @rx.event
    @guarded(by_page=True)
    async def drop(self) -> None:
        """Put the report away; nothing of it was recorded."""
        self._forget()

    def _carrier(self) -> int:
        return as_number(self.carrier_id) or 0

    def _forget(self) -> None:
        self._sha256 = ""
        assign(self, file_name="", headings=[], picks=[], words=[], is_mapped=True, summary="", unclear="", told=[])
        assign(self, was_applied="", done="", problem="")

    def _show(self, found: ReportPreview) -> None:
        assign(
            self,
            headings=list(found.headings),
            is_mapped=found.is_mapped,
            picks=[Pick(f"column-{fact}", label, found.guesses.get(fact, "")) for fact, label in _FACTS.items()],
            words=[Pick(f"word-{at}", word, _likely(word)) for at, word in enumerate(found.words)],
            summary=found.summary,
            unclear=" ".join(found.unclear),
            told=[told_item(row) for row in found.rows[:_SHOWN]],
            was_applied=f"This very file was recorded on {moment(found.applied_at)} UTC." if found.applied_at else "",
        )


def _likely(word: str) -> str:
    """Return the outcome that a word looks like, '' where it looks like none."""
    squeezed = word.lower().replace(" ", "_")
    return next((value for value in OUTCOMES if squeezed.startswith(value)), "")


def _carriers() -> list[Pick]:
    with read_only() as session:
        return [Pick(str(carrier.id), carrier.name, str(carrier.id)) for carrier in list_bench_carriers(session)]


def _preview(carrier_id: int, content: bytes) -> tuple[str, ReportPreview]:
    with read_only() as session:
        found = preview_report(session, actor(), carrier_id=carrier_id, content=content)
    return hold_report(content), found


def _remember(carrier_id: int, columns: dict[str, str], decisions: dict[str, str], sha256: str) -> ReportPreview:
    content = held_report(sha256)
    with unit_of_work() as session:
        remember_columns(session, actor(), carrier_id=carrier_id, columns=columns, decisions=decisions)
        return preview_report(session, actor(), carrier_id=carrier_id, content=content)


def _apply(carrier_id: int, sha256: str, name: str) -> str:
    content: Any = held_report(sha256)
    with unit_of_work() as session:
        summary, _ = apply_report(session, actor(), carrier_id=carrier_id, name=name, content=content)
    return summary
