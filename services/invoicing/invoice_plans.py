"""Which invoices approved proformas make: one a payor by the dated shares, cents adding up exactly."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from core.errors import InvalidInputError
from core.money import ZERO, line_amount, share_out
from models import Matter, Proforma, ProformaLine, SiteAccount
from models.enums import EntryKind, LineTreatment
from services.billing.payors import Share, in_force, load_shares
from services.billing.work_in_progress import TimekeeperFacts, load_timekeepers
from services.invoicing.invoice_documents import BilledLine, Paper
from services.review.ledes_takers import refuse_ledes
from services.row_ids import row_id
from services.sites.profiles import ActiveProfile, active_profiles


@dataclass(frozen=True)
class PlannedInvoice:
    """One invoice to be, complete but for its number."""

    proforma_id: int
    matter_id: int
    share: Share
    profile: ActiveProfile
    paper: Paper

    def numbered(self, number: str) -> "PlannedInvoice":
        """Return it with its number."""
        return replace(self, paper=replace(self.paper, number=number))


def plan_invoices(session: Session, proformas: Sequence[Proforma], *, invoice_date: date) -> list[PlannedInvoice]:
    """Return the invoices that the proformas make, in their order; a handful of queries for any number.

    Raises:
        InvalidInputError: a matter's shares are not 100 % on a day worked, or a payor has no active profile.
    """
    matter_ids = {proforma.matter_id for proforma in proformas}
    named = select(col(Matter.id), col(Matter.number), col(Matter.name)).where(col(Matter.id).in_(matter_ids))
    matters = {matter_id: (number, name) for matter_id, number, name in session.execute(named) if matter_id is not None}
    shares = load_shares(session, matter_ids)
    carrier_ids = {share.carrier_id for found in shares.values() for share in found}
    planner = _Planner(
        invoice_date=invoice_date,
        matters=matters,
        shares=shares,
        profiles=active_profiles(session, carrier_ids),
        timekeepers=load_timekeepers(session),
        law_firm_ids=_law_firm_ids(session),
    )
    lines = _lines(session, [row_id(proforma) for proforma in proformas])
    _check_printing(session, proformas, lines, shares)
    return [plan for proforma in proformas for plan in planner.plan(proforma, lines[row_id(proforma)])]


def _check_printing(
    session: Session,
    proformas: Sequence[Proforma],
    lines: Mapping[int, Sequence[Any]],
    shares: Mapping[int, Sequence[Share]],
) -> None:
    """Refuse what LEDES does not know, also where a payor came to take it after the line was changed."""
    for proforma in proformas:
        if any(line.is_free or not line.is_printed for line in lines[row_id(proforma)]):
            refuse_ledes(session, [share.carrier_id for share in shares.get(proforma.matter_id, ())])


def _law_firm_ids(session: Session) -> dict[int, str]:
    rows = session.execute(select(col(SiteAccount.id), col(SiteAccount.law_firm_id)))
    return {account_id: law_firm_id for account_id, law_firm_id in rows if account_id is not None}


def _lines(session: Session, proforma_ids: Collection[int]) -> dict[int, list[Any]]:
    line = ProformaLine
    columns: tuple[Any, ...] = (
        line.proforma_id,
        line.id,
        line.kind,
        line.timekeeper_id,
        line.worked_on,
        line.billed_units,
        line.unit_cost,
        line.adjustment_amount,
        line.billed_amount,
        line.task_code,
        line.activity_code,
        line.expense_code,
        line.billed_narrative,
        line.is_free,
        line.is_printed,
    )
    found: dict[int, list[Any]] = defaultdict(list)
    whole = aliased(ProformaLine)
    # The parts of a split stand where the line stood that they came from.
    place = func.coalesce(col(whole.line_number), col(line.line_number))
    statement = (
        select(*columns)
        .outerjoin(whole, col(whole.id) == col(line.split_from_id))
        .where(col(line.proforma_id).in_(proforma_ids), col(line.treatment) == LineTreatment.BILL)
        .order_by(col(line.proforma_id), place, col(line.line_number))
    )
    for row in session.execute(statement):
        found[row.proforma_id].append(row)
    return found


@dataclass(frozen=True)
class _Planner:
    invoice_date: date
    matters: dict[int, tuple[str, str]]
    shares: dict[int, list[Share]]
    profiles: dict[int, ActiveProfile]
    timekeepers: dict[int, TimekeeperFacts]
    law_firm_ids: dict[int, str]

    def plan(self, proforma: Proforma, lines: list[Any]) -> list[PlannedInvoice]:
        parts: dict[tuple[int, str], list[BilledLine]] = defaultdict(list)
        payors: dict[tuple[int, str], Share] = {}
        for line in lines:
            for share, amount in self._parts(proforma, line):
                key = (share.carrier_id, share.claim_number)
                payors.setdefault(key, share)
                parts[key].append(self._billed(line, len(parts[key]) + 1, amount))
        return [self._invoice(proforma, payors[key], tuple(billed)) for key, billed in parts.items()]

    def _parts(self, proforma: Proforma, line: Any) -> list[tuple[Share, Decimal]]:  # noqa: ANN401 -- a row
        shares = in_force(self.shares.get(proforma.matter_id, []), line.worked_on)
        amounts = share_out(line.billed_amount, [share.percent(line.kind) for share in shares])
        parts = [(share, amount) for share, amount in zip(shares, amounts, strict=True) if amount]
        # A line without charge is shown to the leading payor.
        return parts or [(share, ZERO) for share in shares[:1]]

    def _billed(self, line: Any, line_number: int, amount: Decimal) -> BilledLine:  # noqa: ANN401 -- a row
        """Return one payor's part of a line; the others' parts show as its adjustment."""
        who = self.timekeepers.get(line.timekeeper_id or 0) if line.kind is EntryKind.FEE else None
        return BilledLine(
            line_number=line_number,
            proforma_line_id=line.id,
            kind=line.kind,
            worked_on=line.worked_on,
            timekeeper_code=who.code if who else "",
            timekeeper_name=who.name if who else "",
            timekeeper_classification=who.classification if who else "",
            units=line.billed_units,
            unit_cost=line.unit_cost,
            adjustment_amount=amount - line_amount(line.billed_units, line.unit_cost),
            total_amount=amount,
            task_code=line.task_code,
            activity_code=line.activity_code,
            expense_code=line.expense_code,
            narrative=line.billed_narrative,
            is_printed=line.is_printed,
        )

    def _invoice(self, proforma: Proforma, share: Share, lines: tuple[BilledLine, ...]) -> PlannedInvoice:
        profile = self.profiles.get(share.carrier_id)
        number, name = self.matters[proforma.matter_id]
        if profile is None:
            message = (
                f"{share.carrier_name} has no active profile, so matter {number} cannot be "
                "invoiced. No invoice was made; ask an administrator to activate one."
            )
            raise InvalidInputError(message, carrier_id=share.carrier_id)
        paper = Paper(
            number="",
            invoice_date=self.invoice_date,
            client_code=share.client_code,
            matter_number=number,
            claim_number=share.claim_number,
            law_firm_id=self.law_firm_ids[share.site_account_id],
            period_start=proforma.period_start,
            period_end=proforma.period_end,
            lines=lines,
            matter_name=name,
            client_name=share.carrier_name,
        )
        return PlannedInvoice(row_id(proforma), proforma.matter_id, share, profile, paper)
