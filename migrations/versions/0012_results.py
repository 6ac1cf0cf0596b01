"""Mails and reports in which carriers tell their decisions, and how far the mailbox was read."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_mailbox_state()
    _create_result_mail()
    _create_result_report()
    _create_carrier_result()


def downgrade() -> None:
    """Drop them; what the invoices were told stays with the invoices, and the bytes in the object store."""
    for table in ("carrier_result", "result_report", "result_mail", "mailbox_state"):
        op.drop_table(table)


def _create_mailbox_state() -> None:
    op.create_table(
        "mailbox_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("read_at", instant(), nullable=True),
        sa.Column("failed_at", instant(), nullable=True),
        sa.Column("retry_at", instant(), nullable=True),
        sa.Column("failure", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox_state"),
        sa.UniqueConstraint("name", name="uq_mailbox_state_name"),
        **ON_MYSQL,
    )


def _create_result_mail() -> None:
    op.create_table(
        "result_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=True),
        sa.Column("sender", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("received_at", instant(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("is_trusted", sa.Boolean(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("object_key", sa.String(160), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result_mail"),
        sa.UniqueConstraint("fingerprint", name="uq_result_mail_fingerprint"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_result_mail_carrier_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_result_mail_carrier_id", "result_mail", ["carrier_id"])
    op.create_index("ix_result_mail_status", "result_mail", ["status", "id"])


def _create_result_report() -> None:
    op.create_table(
        "result_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.String(160), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=False),
        sa.Column("applied_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result_report"),
        sa.UniqueConstraint("carrier_id", "sha256", name="uq_result_report_carrier_id_sha256"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_result_report_carrier_id"),
        sa.ForeignKeyConstraint(["applied_by_id"], ["app_user.id"], name="fk_result_report_applied_by_id"),
        **ON_MYSQL,
    )


def _create_carrier_result() -> None:
    op.create_table(
        "carrier_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("result_mail_id", sa.Integer(), nullable=True),
        sa.Column("result_report_id", sa.Integer(), nullable=True),
        sa.Column("invoice_id", sa.Integer(), nullable=True),
        sa.Column("invoice_number", sa.String(80), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("amount", Scaled(14, 2), nullable=True),
        sa.Column("standing", vocabulary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_carrier_result"),
        sa.ForeignKeyConstraint(["result_mail_id"], ["result_mail.id"], name="fk_carrier_result_result_mail_id"),
        sa.ForeignKeyConstraint(["result_report_id"], ["result_report.id"], name="fk_carrier_result_result_report_id"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_carrier_result_invoice_id"),
        **ON_MYSQL,
    )
    for column in ("result_mail_id", "result_report_id", "invoice_id"):
        op.create_index(f"ix_carrier_result_{column}", "carrier_result", [column])
