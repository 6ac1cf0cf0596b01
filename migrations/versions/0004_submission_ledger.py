"""The submission ledger, its evidence, and what the sites said."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, parents first."""
    _create_submission()
    _create_evidence()
    _create_site_finding()


def downgrade() -> None:
    """Drop the tables and what is in them, children first."""
    for table in ("site_finding", "evidence", "submission"):
        op.drop_table(table)


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("invoice_revision_id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("site_account_id", sa.Integer(), nullable=False),
        sa.Column("queued_by_id", sa.Integer(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("file_sha256", sa.String(64), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until_ms", sa.BigInteger(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("intent_step", sa.String(120), nullable=False),
        sa.Column("intent_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("receipt_number", sa.String(80), nullable=False),
        sa.Column("receipt_source", vocabulary(), nullable=True),
        sa.Column("site_text", sa.String(1000), nullable=False),
        sa.Column("error_code", sa.String(60), nullable=False),
        sa.Column("error_message", sa.String(1000), nullable=False),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("decide_by", instant(), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("delivered_at", instant(), nullable=True),
        sa.Column("correlation_id", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_submission_invoice_id"),
        sa.ForeignKeyConstraint(
            ["invoice_revision_id"], ["invoice_revision.id"], name="fk_submission_invoice_revision_id"
        ),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_submission_carrier_id"),
        sa.ForeignKeyConstraint(["site_account_id"], ["site_account.id"], name="fk_submission_site_account_id"),
        sa.ForeignKeyConstraint(["queued_by_id"], ["app_user.id"], name="fk_submission_queued_by_id"),
        sa.ForeignKeyConstraint(["worker_id"], ["worker_process.id"], name="fk_submission_worker_id"),
        sa.ForeignKeyConstraint(["decider_id"], ["app_user.id"], name="fk_submission_decider_id"),
        sa.UniqueConstraint("invoice_revision_id", name="uq_submission_invoice_revision_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_submission_board", "submission", ["status", "carrier_id"])
    op.create_index("ix_submission_due", "submission", ["site_account_id", "status", "due_at_ms"])
    op.create_index("ix_submission_invoice_id", "submission", ["invoice_id"])


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("label", sa.String(160), nullable=False),
        sa.Column("media_type", sa.String(60), nullable=False),
        sa.Column("object_key", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("taken_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_evidence_submission_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_evidence_submission_id", "evidence", ["submission_id"])


def _create_site_finding() -> None:
    op.create_table(
        "site_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reduction_amount", Scaled(14, 2), nullable=True),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_finding"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_site_finding_invoice_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_site_finding_submission_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_site_finding_invoice_id", "site_finding", ["invoice_id"])
