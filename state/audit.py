"""The audit trail's page."""

from collections.abc import Mapping
from dataclasses import dataclass

import reflex as rx
from sqlmodel import Session

from models.enums import Role
from services.actor import Actor
from services.audit_trail import AuditEntry, list_audit_events
from services.listing import Listing, TableQuery
from state.guard import guarded
from state.live import changes
from state.responses.assigning import assign
from state.table import TableState


@dataclass(frozen=True)
class AuditRow:
    """One line of the trail, as text."""

    id: str
    at: str
    at_iso: str
    tag: str
    actor: str
    role: str
    subject: str
    note: str
    data: str
    correlation_id: str


class AuditTrail(TableState, rx.State):
    """Every change, newest first; for administrators."""

    rows: list[AuditRow] = []
    subject: str = ""

    _roles = frozenset({Role.ADMIN})
    _filters = ("subject",)

    @rx.event(background=True)
    @guarded(by_page=True)
    async def watch(self) -> None:
        """Keep the first page up to date while the tab shows it."""
        async for _ in changes(self):
            async with self:
                if self.page == 1:
                    await self._refresh()

    @staticmethod
    def _read(session: Session, actor: Actor, query: TableQuery) -> Listing[AuditRow]:
        found = list_audit_events(session, actor, query=query)
        return Listing([_row(entry) for entry in found.rows], found.total)

    def _show(self, found: Listing[AuditRow]) -> None:
        assign(self, subject=self._asked_filters.get("subject", ""), rows=found.rows)


def _row(entry: AuditEntry) -> AuditRow:
    return AuditRow(
        id=str(entry.id),
        at=f"{entry.at:%d %b %Y %H:%M:%S}",
        at_iso=entry.at.isoformat(),
        tag=entry.tag,
        actor=f"{entry.actor_name or 'The portal'}{f' for {entry.for_name}' if entry.for_name else ''}",
        role=entry.actor_role,
        subject=f"{entry.subject_type} {entry.subject_id}",
        note=entry.note,
        data=_in_words(entry.data),
        correlation_id=entry.correlation_id,
    )


def _in_words(data: Mapping[str, object]) -> str:
    # In whose place somebody acted stands beside the name.
    told = (pair for pair in data.items() if pair[0] != "on_behalf_of_id")
    return " · ".join(f"{name.replace('_', ' ')} {value}" for name, value in told)
