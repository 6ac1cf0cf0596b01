"""Billing runs, proformas, and invoices with their immutable revisions."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, parents first."""
    _create_billing_run()
    _create_proforma()
    _create_proforma_line()
    _create_proforma_finding()
    _create_number_counter()
    _create_invoice()
    _create_invoice_revision()
    _create_invoice_line()


def downgrade() -> None:
    """Drop the tables and what is in them, children first."""
    for table in (
        "invoice_line",
        "invoice_revision",
        "invoice",
        "number_counter",
        "proforma_finding",
        "proforma_line",
        "proforma",
        "billing_run",
    ):
        op.drop_table(table)


def _create_billing_run() -> None:
    op.create_table(
        "billing_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("undone_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_billing_run"),
        sa.ForeignKeyConstraint(["started_by_id"], ["app_user.id"], name="fk_billing_run_started_by_id"),
        **ON_MYSQL,
    )


def _create_proforma() -> None:
    op.create_table(
        "proforma",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("billing_run_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("worked_amount", Scaled(14, 2), nullable=False),
        sa.Column("billed_amount", Scaled(14, 2), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("finding_count", sa.Integer(), nullable=False),
        sa.Column("return_note", sa.String(1000), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proforma"),
        sa.ForeignKeyConstraint(["billing_run_id"], ["billing_run.id"], name="fk_proforma_billing_run_id"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_proforma_matter_id"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["app_user.id"], name="fk_proforma_reviewer_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_billing_run_id", "proforma", ["billing_run_id"])
    op.create_index("ix_proforma_matter_id", "proforma", ["matter_id"])
    op.create_index("ix_proforma_reviewer_id", "proforma", ["reviewer_id"])
    op.create_index("ix_proforma_status", "proforma", ["status"])


def _create_proforma_line() -> None:
    op.create_table(
        "proforma_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("time_entry_id", sa.Integer(), nullable=True),
        sa.Column("expense_id", sa.Integer(), nullable=True),
        sa.Column("timekeeper_id", sa.Integer(), nullable=True),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("entered_units", Scaled(12, 4), nullable=False),
        sa.Column("billed_units", Scaled(12, 4), nullable=False),
        sa.Column("unit_cost", Scaled(14, 4), nullable=False),
        sa.Column("adjustment_amount", Scaled(14, 2), nullable=False),
        sa.Column("billed_amount", Scaled(14, 2), nullable=False),
        sa.Column("task_code", sa.String(20), nullable=False),
        sa.Column("activity_code", sa.String(20), nullable=False),
        sa.Column("expense_code", sa.String(20), nullable=False),
        sa.Column("billed_narrative", sa.Text(), nullable=False),
        sa.Column("treatment", vocabulary(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proforma_line"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_proforma_line_proforma_id"),
        sa.ForeignKeyConstraint(["time_entry_id"], ["time_entry.id"], name="fk_proforma_line_time_entry_id"),
        sa.ForeignKeyConstraint(["expense_id"], ["expense.id"], name="fk_proforma_line_expense_id"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_proforma_line_timekeeper_id"),
        sa.UniqueConstraint("proforma_id", "line_number", name="uq_proforma_line_proforma_id_line_number"),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_line_expense_id", "proforma_line", ["expense_id"])
    op.create_index("ix_proforma_line_time_entry_id", "proforma_line", ["time_entry_id"])


def _create_proforma_finding() -> None:
    op.create_table(
        "proforma_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("proforma_line_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("action", vocabulary(), nullable=False),
        sa.Column("message", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proforma_finding"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_proforma_finding_proforma_id"),
        sa.ForeignKeyConstraint(
            ["proforma_line_id"], ["proforma_line.id"], name="fk_proforma_finding_proforma_line_id"
        ),
        **ON_MYSQL,
    )
    op.create_index("ix_proforma_finding_proforma_id", "proforma_finding", ["proforma_id"])


def _create_number_counter() -> None:
    op.create_table(
        "number_counter",
        sa.Column("series", sa.String(40), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_number_counter"),
        **ON_MYSQL,
    )


def _create_invoice() -> None:
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("proforma_id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("matter_payor_id", sa.Integer(), nullable=False),
        sa.Column("replaces_invoice_id", sa.Integer(), nullable=True),
        sa.Column("document_status", vocabulary(), nullable=False),
        sa.Column("decision_status", vocabulary(), nullable=False),
        sa.Column("cash_status", vocabulary(), nullable=False),
        sa.Column("total_amount", Scaled(14, 2), nullable=False),
        sa.Column("approved_amount", Scaled(14, 2), nullable=True),
        sa.Column("revision_number", sa.Integer(), nullable=False),
        sa.Column("finalized_by_id", sa.Integer(), nullable=False),
        sa.Column("finalized_at", instant(), nullable=False),
        sa.Column("delivered_at", instant(), nullable=True),
        sa.Column("decided_at", instant(), nullable=True),
        sa.Column("decision_due_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
        sa.ForeignKeyConstraint(["proforma_id"], ["proforma.id"], name="fk_invoice_proforma_id"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_invoice_matter_id"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_invoice_carrier_id"),
        sa.ForeignKeyConstraint(["matter_payor_id"], ["matter_payor.id"], name="fk_invoice_matter_payor_id"),
        sa.ForeignKeyConstraint(["replaces_invoice_id"], ["invoice.id"], name="fk_invoice_replaces_invoice_id"),
        sa.ForeignKeyConstraint(["finalized_by_id"], ["app_user.id"], name="fk_invoice_finalized_by_id"),
        sa.UniqueConstraint("number", name="uq_invoice_number"),
        **ON_MYSQL,
    )
    op.create_index("ix_invoice_carrier_id", "invoice", ["carrier_id"])
    op.create_index("ix_invoice_decision_due", "invoice", ["decision_status", "decision_due_at_ms"])
    op.create_index("ix_invoice_document_status", "invoice", ["document_status"])
    op.create_index("ix_invoice_matter_id", "invoice", ["matter_id"])
    op.create_index("ix_invoice_proforma_id", "invoice", ["proforma_id"])


def _create_invoice_revision() -> None:
    op.create_table(
        "invoice_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("total_amount", Scaled(14, 2), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("carrier_profile_version_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("file_content", sa.LargeBinary(16777215), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_revision"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_invoice_revision_invoice_id"),
        sa.ForeignKeyConstraint(
            ["carrier_profile_version_id"],
            ["carrier_profile_version.id"],
            name="fk_invoice_revision_carrier_profile_version_id",
        ),
        sa.UniqueConstraint("invoice_id", "number", name="uq_invoice_revision_invoice_id_number"),
        **ON_MYSQL,
    )


def _create_invoice_line() -> None:
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_revision_id", sa.Integer(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column("proforma_line_id", sa.Integer(), nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("timekeeper_code", sa.String(20), nullable=False),
        sa.Column("timekeeper_name", sa.String(30), nullable=False),
        sa.Column("timekeeper_classification", sa.String(10), nullable=False),
        sa.Column("units", Scaled(12, 4), nullable=False),
        sa.Column("unit_cost", Scaled(14, 4), nullable=False),
        sa.Column("adjustment_amount", Scaled(14, 2), nullable=False),
        sa.Column("total_amount", Scaled(14, 2), nullable=False),
        sa.Column("task_code", sa.String(20), nullable=False),
        sa.Column("activity_code", sa.String(20), nullable=False),
        sa.Column("expense_code", sa.String(20), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_line"),
        sa.ForeignKeyConstraint(
            ["invoice_revision_id"], ["invoice_revision.id"], name="fk_invoice_line_invoice_revision_id"
        ),
        sa.ForeignKeyConstraint(["proforma_line_id"], ["proforma_line.id"], name="fk_invoice_line_proforma_line_id"),
        sa.UniqueConstraint(
            "invoice_revision_id", "line_number", name="uq_invoice_line_invoice_revision_id_line_number"
        ),
        **ON_MYSQL,
    )
