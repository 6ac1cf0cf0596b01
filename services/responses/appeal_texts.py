"""Suggested reasons for an appeal, a line each: what the carrier's handler allowed is quoted where it was recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from core.money import as_dollars
from models import GuidelineException, Invoice, InvoiceLine, InvoiceRevision, Matter, ProformaFinding, Timekeeper
from models.enums import FindingAction
from services.responses.cuts import Cut
from services.row_ids import row_id

TO_FILL = "[say why the work was needed]"


@dataclass(frozen=True)
class SuggestedReason:
    """A reason to start from, and the permission that it quotes."""

    text: str
    exception_id: int | None = None


def suggest_reasons(session: Session, invoice: Invoice, cuts: Sequence[Cut]) -> dict[int | None, SuggestedReason]:
    """Return a reason for each cut, by line number.

    A permission counts for a line when the guideline check quoted it there before the bill was sent, or when it covers
    the line's rule, matter, timekeeper and day and was granted by the day of the invoice.
    """
    lines = {line.line_number: line for line in _lines(session, invoice)}
    quoted = _quoted(session, list(lines.values()))
    covering = _Covering.load(session, invoice)
    return {cut.line_number: _reason(cut, lines.get(cut.line_number or 0), quoted, covering) for cut in cuts}


def quotation(permission: GuidelineException, scope: str) -> str:
    """Return a permission as a sentence: who, when, for what, and where it is written."""
    where = f" ({permission.reference})" if permission.reference else ""
    return f"{permission.handler} allowed this on {permission.granted_on}{where}, for {scope}."


def _reason(
    cut: Cut,
    line: InvoiceLine | None,
    quoted: Mapping[int, tuple[GuidelineException, ...]],
    covering: "_Covering",
) -> SuggestedReason:
    ask = f"We ask that {as_dollars(cut.left_amount)} be restored."
    found = quoted.get(line.proforma_line_id, ()) if line else ()
    found = found or (covering.of(line, cut.code) if line else ())
    if found:
        return SuggestedReason(f"{quotation(found[0], covering.scope_of(found[0]))} {ask}", row_id(found[0]))
    said = cut.message.strip().rstrip(".")
    return SuggestedReason(f"The reason given was “{said}”. {TO_FILL} {ask}")


def _lines(session: Session, invoice: Invoice) -> Sequence[InvoiceLine]:
    return session.scalars(
        select(InvoiceLine)
        .join(InvoiceRevision, col(InvoiceRevision.id) == col(InvoiceLine.invoice_revision_id))
        .where(col(InvoiceRevision.invoice_id) == invoice.id, col(InvoiceRevision.number) == invoice.revision_number)
    ).all()


def _quoted(session: Session, lines: Sequence[InvoiceLine]) -> dict[int, tuple[GuidelineException, ...]]:
    """Return what the check of the proforma quoted, by the proforma's line."""
    statement = (
        select(col(ProformaFinding.proforma_line_id), GuidelineException)
        .join(GuidelineException, col(GuidelineException.id) == col(ProformaFinding.exception_id))
        .where(
            col(ProformaFinding.proforma_line_id).in_([line.proforma_line_id for line in lines]),
            col(ProformaFinding.action) == FindingAction.ALLOWED,
        )
        .order_by(col(ProformaFinding.id))
    )
    found: dict[int, tuple[GuidelineException, ...]] = {}
    for line_id, permission in session.execute(statement):
        found[line_id] = (*found.get(line_id, ()), permission)
    return found


@dataclass(frozen=True)
class _Covering:
    """The carrier's permissions that could cover a line of this matter, revoked ones too: they held when billed."""

    permissions: Sequence[GuidelineException]
    timekeepers: Mapping[int, Timekeeper]
    matter_number: str

    @classmethod
    def load(cls, session: Session, invoice: Invoice) -> "_Covering":
        column = col(GuidelineException.matter_id)
        statement = select(GuidelineException).where(
            col(GuidelineException.carrier_id) == invoice.carrier_id,
            column.is_(None) | (column == invoice.matter_id),
            col(GuidelineException.granted_on) <= invoice.finalized_at.date(),
        )
        permissions = session.scalars(statement.order_by(col(GuidelineException.id))).all()
        wanted = [one.timekeeper_id for one in permissions if one.timekeeper_id is not None]
        people = session.scalars(select(Timekeeper).where(col(Timekeeper.id).in_(wanted)))
        matter = session.get_one(Matter, invoice.matter_id)
        return cls(permissions, {row_id(one): one for one in people}, matter.number)

    def of(self, line: InvoiceLine, code: str) -> tuple[GuidelineException, ...]:
        rule = code.strip().lower().replace("-", "_")
        return tuple(one for one in self.permissions if rule and one.rule.lower() == rule and self._covers(one, line))

    def scope_of(self, permission: GuidelineException) -> str:
        """Return for which work it holds: 'matter 2025-0007, A. Reyes, work from 1 Oct 2026, up to 3'."""
        who = self.timekeepers.get(permission.timekeeper_id or 0)
        parts = [f"matter {self.matter_number}" if permission.matter_id else "all matters"]
        parts += [f"{who.first_name} {who.last_name}"] if who else []
        parts += [f"work from {permission.work_from}"] if permission.work_from else []
        parts += [f"work until {permission.work_to}"] if permission.work_to else []
        parts += [f"up to {permission.limit_value.normalize():f}"] if permission.limit_value is not None else []
        return ", ".join(parts)

    def _covers(self, permission: GuidelineException, line: InvoiceLine) -> bool:
        who = self.timekeepers.get(permission.timekeeper_id or 0)
        return (
            (who is None or who.code == line.timekeeper_code)
            and (permission.work_from is None or permission.work_from <= line.worked_on)
            and (permission.work_to is None or line.worked_on <= permission.work_to)
        )
