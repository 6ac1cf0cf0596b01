"""Appeals with their lines and documents, and cuts that the firm accepted."""

import sqlalchemy as sa
from alembic import op

from core.scaled import money_type
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, empty."""
    _create_appeal()
    _create_appeal_line()
    _create_appeal_document()
    _create_cut_acceptance()
    _create_cut_acceptance_line()


def downgrade() -> None:
    """Drop them with what they hold; documents stay in the object store."""
    for table in ("cut_acceptance_line", "cut_acceptance", "appeal_document", "appeal_line", "appeal"):
        op.drop_table(table)


def _create_appeal() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("route", vocabulary(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_amount", money_type(), nullable=False),
        sa.Column("granted_amount", money_type(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", instant(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", instant(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("invoice_id", "number", name="uq_appeal_invoice_id_number"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_appeal_invoice_id"),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["app_user.id"], name="fk_appeal_drafted_by_id"),
        sa.ForeignKeyConstraint(["sent_by_id"], ["app_user.id"], name="fk_appeal_sent_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_appeal_due", "appeal", ["status", "due_on"])


def _create_appeal_line() -> None:
    op.create_table(
        "appeal_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("asked_amount", money_type(), nullable=False),
        sa.Column("granted_amount", money_type(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("exception_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_line"),
        sa.UniqueConstraint("appeal_id", "line_number", name="uq_appeal_line_appeal_id_line_number"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name="fk_appeal_line_appeal_id"),
        sa.ForeignKeyConstraint(["exception_id"], ["guideline_exception.id"], name="fk_appeal_line_exception_id"),
        **ON_MYSQL,
    )


def _create_appeal_document() -> None:
    op.create_table(
        "appeal_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appeal_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", instant(), nullable=False),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_document"),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name="fk_appeal_document_appeal_id"),
        sa.ForeignKeyConstraint(["added_by_id"], ["app_user.id"], name="fk_appeal_document_added_by_id"),
        sa.ForeignKeyConstraint(["removed_by_id"], ["app_user.id"], name="fk_appeal_document_removed_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_appeal_document_appeal_id", "appeal_document", ["appeal_id"])


def _create_cut_acceptance() -> None:
    op.create_table(
        "cut_acceptance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("total_amount", money_type(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", instant(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cut_acceptance"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_cut_acceptance_invoice_id"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["app_user.id"], name="fk_cut_acceptance_proposed_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name="fk_cut_acceptance_decided_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_cut_acceptance_invoice_id", "cut_acceptance", ["invoice_id", "status"])


def _create_cut_acceptance_line() -> None:
    op.create_table(
        "cut_acceptance_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cut_acceptance_id", sa.Integer(), nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=True),
        sa.Column("amount", money_type(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cut_acceptance_line"),
        sa.UniqueConstraint(
            "cut_acceptance_id", "line_number", name="uq_cut_acceptance_line_cut_acceptance_id_line_number"
        ),
        sa.ForeignKeyConstraint(
            ["cut_acceptance_id"], ["cut_acceptance.id"], name="fk_cut_acceptance_line_cut_acceptance_id"
        ),
        **ON_MYSQL,
    )
