"""Who approves a proforma besides its responsible attorney: the firm's rules, and the steps made from them."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from core.scaled import money_type
from models.base import Table, stored
from models.enums import ApprovalStatus, ApproverKind, StageMode, TermStatus


class ApprovalRule(Table, table=True):
    """From an amount on, on one matter or on all, somebody approves at a stage; the responsible attorney is stage 1.

    `approver_id` names the person where the kind is one. Where several of a stage are of the mode any, one suffices.
    """

    __table_args__ = (CheckConstraint("stage BETWEEN 1 AND 9", name="ck_approval_rule_stage"),)

    id: int | None = Field(default=None, primary_key=True)
    matter_id: int | None = Field(default=None, foreign_key="matter.id", index=True)
    from_amount: Decimal = Field(sa_type=money_type())
    stage: int
    approver_kind: ApproverKind = Field(sa_type=stored(ApproverKind))
    approver_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    mode: StageMode = Field(default=StageMode.ALL, sa_type=stored(StageMode))
    status: TermStatus = Field(default=TermStatus.IN_FORCE, sa_type=stored(TermStatus), index=True)
    version: int = 1
    made_by_id: int = Field(foreign_key="app_user.id")
    made_at: datetime


class ProformaApproval(Table, table=True):
    """One step of a proforma's approval, made from a rule; the responsible attorney's own is `is_reviewer`.

    `edition` is the proforma's when the step was made or given: on another one it is void. Without `approver_id` any
    administrator gives it.
    """

    __table_args__ = (
        Index("ix_proforma_approval_waiting", "approver_id", "status"),
        Index("ix_proforma_approval_kind", "approver_kind", "status"),
    )

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id", index=True)
    rule_id: int | None = Field(default=None, foreign_key="approval_rule.id", index=True)
    stage: int
    approver_kind: ApproverKind = Field(sa_type=stored(ApproverKind))
    approver_id: int | None = Field(default=None, foreign_key="app_user.id")
    mode: StageMode = Field(default=StageMode.ALL, sa_type=stored(StageMode))
    is_reviewer: bool = False
    status: ApprovalStatus = Field(default=ApprovalStatus.PENDING, sa_type=stored(ApprovalStatus))
    version: int = 1
    edition: int
    asked_at: datetime | None = None
    given_at: datetime | None = None
    given_by_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    note: str = Field(default="", max_length=500)
