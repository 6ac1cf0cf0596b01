"""The audit trail, matters and work that is not billed yet, as files."""

from sqlmodel import Session

from adapters.spreadsheets import Kind
from models.enums import BillingFrequency, EntryKind
from services.actor import Actor
from services.asked import Asked
from services.audit_trail import AuditEntry, list_audit_before
from services.billing.matters import MatterFilter, MatterRow, list_matters
from services.billing.unbilled_work import UnbilledKey, UnbilledRow, list_unbilled_work, unbilled_until
from services.exporting.export import PAGE_ROWS, Export, Field, Page, paged, word


def _audit(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[AuditEntry]:
    found = list_audit_before(
        session, actor, subject=asked.get("subject"), text=asked.text, before=before, limit=PAGE_ROWS + 1
    )
    return paged(found, lambda row: row.id)


def _work(session: Session, actor: Actor, asked: Asked, after: UnbilledKey | None) -> Page[UnbilledRow]:
    until = unbilled_until(asked.get("period"))
    found = list_unbilled_work(session, actor, until=until, after=after, limit=PAGE_ROWS + 1)
    return paged(found, lambda row: row.key)


def _matters(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[MatterRow]:
    wanted = MatterFilter(asked.text, asked.choice(BillingFrequency, "frequency"), is_held=asked.get("held") == "yes")
    found = list_matters(session, actor, wanted=wanted, before=before, limit=PAGE_ROWS)
    return Page(found.rows, found.next_before)


def _facts(entry: AuditEntry) -> str:
    return " · ".join(f"{name.replace('_', ' ')} {value}" for name, value in entry.data.items())


AUDIT = Export(
    "audit",
    "Audit trail",
    (
        Field("Number", lambda row: row.id, Kind.COUNT),
        Field("When (UTC)", lambda row: row.at, Kind.MOMENT),
        Field("Event", lambda row: row.tag, width=32),
        Field("Record", lambda row: row.subject_type, width=18),
        Field("Record number", lambda row: row.subject_id, Kind.COUNT),
        Field("Who", lambda row: row.actor_name or "The portal"),
        Field("Role", lambda row: row.actor_role, width=14),
        Field("Note", lambda row: row.note, width=40),
        Field("Details", _facts, width=60),
        Field("Correlation", lambda row: row.correlation_id, width=20),
    ),
    _audit,
)
WORK = Export(
    "work",
    "Work in progress",
    (
        Field("Matter", lambda row: row.matter_number, width=16),
        Field("Matter name", lambda row: row.matter_name, width=32),
        Field("Carrier", lambda row: row.carrier_name),
        Field("Attorney", lambda row: row.attorney_name),
        Field("Kind", lambda row: "Fee" if row.kind is EntryKind.FEE else "Expense", width=10),
        Field("Day", lambda row: row.worked_on, Kind.DAY),
        Field("Timekeeper", lambda row: row.timekeeper_name),
        Field("As worked", lambda row: row.worked_units, Kind.NUMBER),
        Field("As entered", lambda row: row.entered_units, Kind.NUMBER),
        Field("Rate or cost", lambda row: row.unit_cost, Kind.NUMBER),
        Field("Amount", lambda row: row.amount, Kind.MONEY),
        Field("Task", lambda row: row.task_code, width=9),
        Field("Activity", lambda row: row.activity_code, width=9),
        Field("Expense code", lambda row: row.expense_code, width=13),
        Field("State", lambda row: word(row.status), width=12),
        Field("On a proforma of", lambda row: row.on_proforma_of),
        Field("Confidential", lambda row: "yes" if row.is_confidential else "", width=12),
        Field("Narrative", lambda row: row.narrative, width=60),
    ),
    _work,
)
MATTERS = Export(
    "matters",
    "Matters",
    (
        Field("Matter", lambda row: row.number, width=16),
        Field("Matter name", lambda row: row.name, width=40),
        Field("State", lambda row: word(row.status), width=12),
        Field("Attorney", lambda row: row.attorney),
        Field("Carrier", lambda row: row.carrier, width=32),
        Field("Billed", lambda row: word(row.frequency), width=14),
        Field("Held until", lambda row: row.hold_until, Kind.DAY),
        Field("Why held", lambda row: row.hold_reason, width=40),
    ),
    _matters,
)
