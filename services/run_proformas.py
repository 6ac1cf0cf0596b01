"""The rows of a run's proformas: each matter's bill with its lines and what the carrier's rules find in them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now, today
from core.money import ZERO
from guidelines.lines import GuidelineFinding, GuidelineLine
from models import Proforma, ProformaFinding, ProformaLine
from models.enums import EntryKind, FindingAction, LineTreatment, ProformaStatus
from services.billing_selection import MatterBill, PricedItem, Selection
from services.findings import findings_of
from services.inserts import every_column
from services.work_in_progress import TimekeeperFacts

_MESSAGE_LENGTH = 500


def make_proformas(session: Session, selection: Selection, *, run_id: int, due_on: date) -> None:
    """Store a draft proforma of every bill, with lines and findings, in a handful of statements."""
    found = [_findings(bill, selection.timekeepers) for bill in selection.bills]
    rows = [
        _proforma_row(selection, bill, run_id, due_on, len(findings))
        for bill, findings in zip(selection.bills, found, strict=True)
    ]
    session.execute(every_column(Proforma), rows)
    ids = _ids_by_matter(session, run_id, [bill.matter.id for bill in selection.bills])
    lines = [row for bill in selection.bills for row in _line_rows(bill, ids[bill.matter.id])]
    session.execute(every_column(ProformaLine), lines)
    _make_findings(session, {ids[b.matter.id]: f for b, f in zip(selection.bills, found, strict=True)})


def _make_findings(session: Session, found: dict[int, list[GuidelineFinding]]) -> None:
    with_findings = [proforma_id for proforma_id, findings in found.items() if findings]
    if not with_findings:
        return
    lines = session.execute(
        select(col(ProformaLine.proforma_id), col(ProformaLine.line_number), col(ProformaLine.id)).where(
            col(ProformaLine.proforma_id).in_(with_findings)
        )
    )
    line_ids = {(proforma_id, str(number)): line_id for proforma_id, number, line_id in lines}
    rows = [
        finding_row(proforma_id, line_ids[proforma_id, finding.line_key], finding)
        for proforma_id, findings in found.items()
        for finding in findings
    ]
    session.execute(every_column(ProformaFinding), rows)


def finding_row(proforma_id: int, line_id: int | None, finding: GuidelineFinding) -> dict[str, Any]:
    """Return a finding as the row that is stored."""
    return {
        "proforma_id": proforma_id,
        "proforma_line_id": line_id,
        "rule": finding.rule,
        "action": FindingAction(finding.action.value),
        "message": finding.sentence[:_MESSAGE_LENGTH],
    }


def _ids_by_matter(session: Session, run_id: int, matter_ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(col(Proforma.matter_id), col(Proforma.id)).where(
            col(Proforma.billing_run_id) == run_id, col(Proforma.matter_id).in_(matter_ids)
        )
    )
    return {matter_id: proforma_id for matter_id, proforma_id in rows if proforma_id is not None}


def _findings(bill: MatterBill, timekeepers: dict[int, TimekeeperFacts]) -> list[GuidelineFinding]:
    lines = [_guideline_line(number, line, timekeepers) for number, line in enumerate(bill.lines, start=1)]
    return findings_of(bill.profile.profile, lines, invoice_date=today())


def _guideline_line(number: int, line: PricedItem, timekeepers: dict[int, TimekeeperFacts]) -> GuidelineLine:
    item = line.item
    who = timekeepers.get(item.timekeeper_id) if item.timekeeper_id is not None else None
    return GuidelineLine(
        key=str(number),
        kind="F" if item.kind is EntryKind.FEE else "E",
        worked_on=item.worked_on,
        timekeeper_id=who.code if who else "",
        units=item.entered_units,
        unit_cost=line.unit_cost,
        approved_rate=line.approved_rate,
        task_code=item.task_code,
        activity_code=item.activity_code,
        expense_code=item.expense_code,
        narrative=item.narrative,
    )


def _proforma_row(
    selection: Selection, bill: MatterBill, run_id: int, due_on: date, finding_count: int
) -> dict[str, Any]:
    return {
        "billing_run_id": run_id,
        "matter_id": bill.matter.id,
        "reviewer_id": bill.matter.reviewer_id,
        "period_start": selection.period_start,
        "period_end": selection.period_end,
        "status": ProformaStatus.DRAFT,
        "version": 1,
        "worked_amount": bill.worked_amount,
        "billed_amount": bill.amount,
        "line_count": len(bill.lines),
        "finding_count": finding_count,
        "return_note": "",
        "created_at": now(),
        "due_on": due_on,
    }


def _line_rows(bill: MatterBill, proforma_id: int) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(bill.lines, start=1):
        item = line.item
        is_fee = item.kind is EntryKind.FEE
        yield {
            "proforma_id": proforma_id,
            "line_number": number,
            "kind": item.kind,
            "time_entry_id": item.id if is_fee else None,
            "expense_id": None if is_fee else item.id,
            "timekeeper_id": item.timekeeper_id,
            "worked_on": item.worked_on,
            "entered_units": item.entered_units,
            "billed_units": item.entered_units,
            "unit_cost": line.unit_cost,
            "adjustment_amount": ZERO,
            "billed_amount": line.amount,
            "task_code": item.task_code,
            "activity_code": item.activity_code,
            "expense_code": item.expense_code,
            "billed_narrative": item.narrative,
            "treatment": LineTreatment.BILL,
            "note": "",
        }
