"""The rows of a run's proformas: each matter's bill with its lines and what the carrier's rules find in them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.money import ZERO
from guidelines.lines import GuidelineLine
from models import Proforma, ProformaFinding, ProformaLine
from models.enums import EntryKind, LineTreatment, ProformaStatus
from services.billing.billing_selection import MatterBill, PricedItem, Selection
from services.billing.work_in_progress import TimekeeperFacts
from services.inserts import every_column
from services.rules.checked_bills import BillToCheck, Month, check_bills
from services.rules.finding_rows import CheckedBill
from services.rules.past_work import source_of


def make_proformas(
    session: Session, selection: Selection, *, run_id: int, due_on: date, month: Month | None = None
) -> None:
    """Store a draft proforma of every bill, with lines and findings, in a handful of statements."""
    checked = check_bills(session, [_to_check(bill, selection) for bill in selection.bills], month=month)
    rows = [
        _proforma_row(selection, bill, run_id, due_on, checked[bill.matter.id].open_count) for bill in selection.bills
    ]
    session.execute(every_column(Proforma), rows)
    ids = _ids_by_matter(session, run_id, [bill.matter.id for bill in selection.bills])
    lines = [row for bill in selection.bills for row in _line_rows(bill, ids[bill.matter.id])]
    session.execute(every_column(ProformaLine), lines)
    _make_findings(session, ids, checked)


def _make_findings(session: Session, ids: dict[int, int], checked: dict[int, CheckedBill]) -> None:
    flagged = {ids[matter_id]: bill for matter_id, bill in checked.items() if bill.findings}
    if not flagged:
        return
    lines = session.execute(
        select(col(ProformaLine.proforma_id), col(ProformaLine.line_number), col(ProformaLine.id)).where(
            col(ProformaLine.proforma_id).in_(flagged)
        )
    )
    line_ids: dict[int, dict[str, int]] = defaultdict(dict)
    for proforma_id, number, line_id in lines:
        line_ids[proforma_id][str(number)] = line_id
    rows = [row for proforma_id, bill in flagged.items() for row in bill.rows(proforma_id, line_ids[proforma_id])]
    session.execute(every_column(ProformaFinding), rows)


def _ids_by_matter(session: Session, run_id: int, matter_ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(col(Proforma.matter_id), col(Proforma.id)).where(
            col(Proforma.billing_run_id) == run_id, col(Proforma.matter_id).in_(matter_ids)
        )
    )
    return {matter_id: proforma_id for matter_id, proforma_id in rows if proforma_id is not None}


def _to_check(bill: MatterBill, selection: Selection) -> BillToCheck:
    lines = (_guideline_line(number, line, selection.timekeepers) for number, line in enumerate(bill.lines, start=1))
    return BillToCheck(
        key=bill.matter.id,
        carrier_id=bill.payor.carrier_id,
        client_code=bill.payor.client_code,
        profile=bill.profile.profile,
        matter_id=bill.matter.id,
        matter_number=bill.matter.number,
        lines=tuple(lines),
        period=(bill.starts_on, selection.period_end),
    )


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
        task_code=item.task_code,
        activity_code=item.activity_code,
        expense_code=item.expense_code,
        narrative=item.narrative,
        source=source_of(item.kind, item.id),
        classification=who.classification if who else "",
        is_approved=item.kind is EntryKind.EXPENSE or line.approval.hourly_amount is not None,
        started_at=item.started_at,
        ended_at=item.ended_at,
        has_receipt=item.has_receipt,
        **line.approval.facts(),
    )


def _proforma_row(
    selection: Selection, bill: MatterBill, run_id: int, due_on: date, finding_count: int
) -> dict[str, Any]:
    return {
        "billing_run_id": run_id,
        "matter_id": bill.matter.id,
        "reviewer_id": bill.matter.reviewer_id,
        "period_start": bill.starts_on,
        "period_end": selection.period_end,
        "status": ProformaStatus.DRAFT,
        "version": 1,
        "edition": 1,
        "worked_amount": bill.worked_amount,
        "billed_amount": bill.amount,
        "line_count": len(bill.lines),
        "finding_count": finding_count,
        "return_note": "",
        "created_at": now(),
        "due_on": due_on,
        "waiting_since_at": None,
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
            "split_from_id": None,
            "worked_amount": line.worked_amount,
            "entered_amount": line.amount,
        }
