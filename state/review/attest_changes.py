"""Questions about one's own work: another text, more hours, another day, or whether it was theirs at all."""

import asyncio
from dataclasses import dataclass, field
from functools import partial

import reflex as rx

from core.db import read_only
from core.errors import BillingError, InvalidInputError
from core.money import as_dollars
from models.enums import ProposalKind
from services.review.change_queries import WaitingChangeRow, waiting_changes
from services.review.proposals import Proposed, attest_change, decline_change
from state.addresses import as_day
from state.guard import actor, guarded
from state.live import WIDE_PACE_SECONDS, changes
from state.review.answering import STAFF, Answering
from state.review.proforma_work import Change
from state.review.word_diff import DiffPart, word_diff
from state.words import day, number_typed, units

_TITLES = {
    ProposalKind.TEXT: "Another text",
    ProposalKind.HOURS: "More hours",
    ProposalKind.DATE: "Another day",
    ProposalKind.PERFORMER: "Was this your work?",
}


@dataclass(frozen=True)
class ChangeView:
    """One question: how the line is now and what is proposed, which may be put right before it is attested."""

    id: str
    kind: str
    title: str
    matter: str
    about: str
    asked_by: str
    reason: str
    now: str
    proposed: str
    step: str
    diff: list[DiffPart] = field(default_factory=list)


class ChangeInbox(Answering, rx.State):
    """The questions that wait for the signed-in timekeeper."""

    rows: list[ChangeView] = []

    _found: list[WaitingChangeRow] = []

    @rx.event
    @guarded(*STAFF)
    async def load(self) -> None:
        """Read what waits; runs when the page opens."""
        self._start_anew()
        await self._refresh()

    @rx.event(background=True)
    @guarded(*STAFF)
    async def watch(self) -> None:
        """Keep the list up to date; what was typed stays."""
        async for _ in changes(self, "proforma", pace=WIDE_PACE_SECONDS):
            async with self:
                await self._refresh()

    @rx.event
    @guarded(*STAFF)
    async def attest(self, form: dict[str, str]) -> None:
        """Attest one question with what its card holds."""
        chosen = self._chosen(form.get("change", ""))
        if chosen is None:
            await self._say_gone("question")
            return
        try:
            attested = _attested(chosen, form.get("value", ""))
        except BillingError as refused:
            self._refuse(str(chosen.id), refused)
            return
        change = partial(attest_change, proposal_id=chosen.id, expected_version=chosen.version, attested=attested)
        await self._answer(
            str(chosen.id), change, "Attested, and billed so from now on. What you first recorded is kept."
        )

    def _decline(self, waiting_id: str, reason: str) -> Change | None:
        chosen = self._chosen(waiting_id)
        if chosen is None:
            return None
        return partial(decline_change, proposal_id=chosen.id, expected_version=chosen.version, reason=reason)

    def _chosen(self, change_id: str) -> WaitingChangeRow | None:
        return next((row for row in self._found if str(row.id) == change_id), None)

    async def _refresh(self) -> None:
        self._found = await asyncio.to_thread(_read)
        self.rows, self.is_loading = [_view(row) for row in self._found], False


def _attested(row: WaitingChangeRow, typed: str) -> Proposed:
    match row.kind:
        case ProposalKind.TEXT:
            return Proposed(narrative=typed)
        case ProposalKind.HOURS:
            return Proposed(hours=number_typed(typed, "the hours"))
        case ProposalKind.DATE:
            found = as_day(typed)
            if found is None:
                raise InvalidInputError("Give the day. Nothing was changed.")
            return Proposed(worked_on=found)
        case ProposalKind.PERFORMER:
            return Proposed(timekeeper_id=row.asked_id)


def _view(row: WaitingChangeRow) -> ChangeView:
    now, proposed = {
        ProposalKind.TEXT: (row.narrative, row.proposed_narrative or ""),
        ProposalKind.HOURS: (f"{units(row.hours)} h", units(row.proposed_hours) if row.proposed_hours else ""),
        ProposalKind.DATE: (day(row.worked_on), row.proposed_on.isoformat() if row.proposed_on else ""),
        ProposalKind.PERFORMER: (f"Entered under {row.timekeeper} · {as_dollars(row.amount)}", ""),
    }[row.kind]
    return ChangeView(
        id=str(row.id),
        kind=row.kind.value,
        title=_TITLES[row.kind],
        matter=f"{row.matter_number} {row.matter_name}",
        about=f"{day(row.worked_on)} · {units(row.hours)} h",
        asked_by=row.proposed_by,
        reason=row.reason,
        now=now if row.kind is ProposalKind.TEXT else f"{now} · {row.narrative}",
        proposed=proposed,
        step=f"in steps of {units(row.step)} h" if row.step else "",
        diff=word_diff(row.narrative, proposed) if row.kind is ProposalKind.TEXT else [],
    )


def _read() -> list[WaitingChangeRow]:
    with read_only() as session:
        return waiting_changes(session, actor())
