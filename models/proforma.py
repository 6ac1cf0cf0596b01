"""Billing runs, the proformas they make, their lines as billed, and the findings beside them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint
from sqlmodel import Field

from core.money import ZERO
from core.scaled import Scaled, money_type, unit_cost_type, units_type
from models.base import Table, stored
from models.enums import EditKind, EntryKind, FindingAction, LineTreatment, ProformaStatus


class BillingRun(Table, table=True):
    """One pass over a period's work in progress."""

    id: int | None = Field(default=None, primary_key=True)
    period_start: date
    period_end: date
    started_by_id: int = Field(foreign_key="app_user.id")
    created_at: datetime
    undone_at: datetime | None = None


class Proforma(Table, table=True):
    """A draft bill of one matter for its responsible attorney's review.

    `billed_amount` is the sum of the lines that bill; `worked_amount` what the entries were worth before edits.
    `edition` grows with what is billed or how, `version` with every change; `waiting_since_at` is when it came to whom
    it waits for. One that is held goes back to review on the day `held_until`, or when a person says so.
    """

    id: int | None = Field(default=None, primary_key=True)
    billing_run_id: int = Field(foreign_key="billing_run.id", index=True)
    matter_id: int = Field(foreign_key="matter.id", index=True)
    reviewer_id: int = Field(foreign_key="app_user.id", index=True)
    period_start: date
    period_end: date
    status: ProformaStatus = Field(default=ProformaStatus.DRAFT, sa_type=stored(ProformaStatus), index=True)
    version: int = 1
    edition: int = 1
    worked_amount: Decimal = Field(sa_type=money_type())
    billed_amount: Decimal = Field(sa_type=money_type())
    line_count: int = 0
    finding_count: int = 0
    return_note: str = Field(default="", max_length=1000)
    created_at: datetime
    due_on: date
    waiting_since_at: datetime | None = None
    held_until: date | None = Field(default=None, index=True)
    hold_reason: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})
    held_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class ProformaLine(Table, table=True):
    """One entry as it will be billed. Units may go down, never up; the entry keeps what was worked and entered.

    A part of a split line names that line in `split_from_id`; its `entered_units` are what its timekeeper attested.
    `adjustment_amount` is minus what was written down in dollars and minus the discount, which is a percent of the rest
    or an amount. A discount on the whole bill is a line without an entry. An expense that was combined with others
    names the line that bills them in `combined_into_id`, a transferred entry its matter in `transfer_matter_id`. A
    free line is billed at nothing, one that is not printed counts and is not itemized; neither goes into LEDES files.
    The entry of a held line waits until `held_until`, or for the next run where no day is given.
    `worked_amount` and `entered_amount` are what the entry was worth as worked and as entered when the proforma was
    made, at the rate of that day; they never change, and are 0.00 on the parts of a split.
    """

    __table_args__ = (UniqueConstraint("proforma_id", "line_number"),)

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id")
    line_number: int
    kind: EntryKind = Field(sa_type=stored(EntryKind))
    time_entry_id: int | None = Field(default=None, foreign_key="time_entry.id", index=True)
    expense_id: int | None = Field(default=None, foreign_key="expense.id", index=True)
    timekeeper_id: int | None = Field(default=None, foreign_key="timekeeper.id")
    worked_on: date
    entered_units: Decimal = Field(sa_type=units_type())
    billed_units: Decimal = Field(sa_type=units_type())
    unit_cost: Decimal = Field(sa_type=unit_cost_type())
    adjustment_amount: Decimal = Field(sa_type=money_type())
    billed_amount: Decimal = Field(sa_type=money_type())
    task_code: str = Field(default="", max_length=20)
    activity_code: str = Field(default="", max_length=20)
    expense_code: str = Field(default="", max_length=20)
    billed_narrative: str = Field(sa_type=Text)
    treatment: LineTreatment = Field(default=LineTreatment.BILL, sa_type=stored(LineTreatment))
    note: str = Field(default="", max_length=500)
    split_from_id: int | None = Field(default=None, foreign_key="proforma_line.id", index=True)
    write_down_amount: Decimal = Field(default=ZERO, sa_type=money_type(), sa_column_kwargs={"server_default": "0"})
    discount_percent: Decimal | None = Field(default=None, sa_type=Scaled(7, 4))
    discount_amount: Decimal = Field(default=ZERO, sa_type=money_type(), sa_column_kwargs={"server_default": "0"})
    is_free: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    is_printed: bool = Field(default=True, sa_column_kwargs={"server_default": "1"})
    combined_into_id: int | None = Field(default=None, foreign_key="proforma_line.id")
    transfer_matter_id: int | None = Field(default=None, foreign_key="matter.id")
    held_until: date | None = None
    worked_amount: Decimal = Field(default=ZERO, sa_type=money_type(), sa_column_kwargs={"server_default": "0"})
    entered_amount: Decimal = Field(default=ZERO, sa_type=money_type(), sa_column_kwargs={"server_default": "0"})


class ProformaEdit(Table, table=True):
    """One step of editing a proforma, with all that undoing it needs; it is privileged as the lines are.

    `changes` is the JSON of `services.review.edit_steps`: lines and entries as they were before and are after.
    `undoes_id` is the step that this one took back. Amounts are the bill's dollars before and after.
    """

    __table_args__ = (Index("ix_proforma_edit_steps", "proforma_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id")
    kind: EditKind = Field(sa_type=stored(EditKind))
    actor_id: int | None = Field(default=None, foreign_key="app_user.id")
    at: datetime
    note: str = Field(default="", max_length=500)
    amount_before: Decimal = Field(sa_type=money_type())
    amount_after: Decimal = Field(sa_type=money_type())
    changes: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    undoes_id: int | None = Field(default=None, foreign_key="proforma_edit.id")
    undone_at: datetime | None = None
    undone_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class ProformaFinding(Table, table=True):
    """What a carrier's guideline says about a line before the carrier sees it.

    `rule` is its kind, `rule_id` its own id in the carrier's list. `fix` is what one click can do, as JSON of
    `services.rules.finding_fixes`; `related` are the keys of the lines and entries that it speaks of besides its own.
    """

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id", index=True)
    proforma_line_id: int | None = Field(default=None, foreign_key="proforma_line.id")
    rule: str = Field(max_length=60)
    rule_id: str = Field(default="", max_length=80)
    action: FindingAction = Field(sa_type=stored(FindingAction))
    message: str = Field(max_length=1000)
    fix: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    related: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    exception_id: int | None = Field(default=None, foreign_key="guideline_exception.id")
