"""How a payor takes its invoices, those that go by mail or post, texts of letters, kept reports, values of lines."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLES = ("report_mail", "report_schedule", "saved_report", "letter_text", "mailing", "print_batch")


def upgrade() -> None:
    """Every payor takes its invoices on its site, as before; lines get the values that their entries had."""
    op.add_column("carrier", sa.Column("delivery_channel", vocabulary(), nullable=False, server_default="site"))
    op.add_column("carrier", sa.Column("invoice_emails", sa.String(500), nullable=False, server_default=""))
    op.add_column("carrier", sa.Column("postal_address", sa.String(500), nullable=False, server_default=""))
    op.add_column("carrier", sa.Column("has_ledes_file", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("carrier", sa.Column("has_cover_letter", sa.Boolean(), nullable=False, server_default="1"))
    with op.batch_alter_table("site_finding") as batch:
        batch.alter_column("submission_id", existing_type=sa.Integer(), nullable=True)
    _create_print_batch()
    _create_mailing()
    _create_letter_text()
    _create_saved_report()
    _create_report_schedule()
    _create_report_mail()
    _add_line_values()


def downgrade() -> None:
    """Drop them with what they hold, and what was said of invoices that no site has; mails stay in the store."""
    for table in _TABLES:
        op.drop_table(table)
    op.execute("DELETE FROM site_finding WHERE submission_id IS NULL")
    with op.batch_alter_table("site_finding") as batch:
        batch.alter_column("submission_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("proforma_line") as batch:
        batch.drop_column("entered_amount")
        batch.drop_column("worked_amount")
    with op.batch_alter_table("carrier") as batch:
        for column in ("has_cover_letter", "has_ledes_file", "postal_address", "invoice_emails", "delivery_channel"):
            batch.drop_column(column)


def _add_line_values() -> None:
    """Of lines made before, the rate that they have now counts; parts of a split are worth what their whole was."""
    money = Scaled(14, 2)
    op.add_column("proforma_line", sa.Column("worked_amount", money, nullable=False, server_default="0"))
    op.add_column("proforma_line", sa.Column("entered_amount", money, nullable=False, server_default="0"))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    worth = "({units} * unit_cost + 500000) / 1000000" if is_sqlite else "ROUND({units} * unit_cost, 2)"
    worked = (
        "COALESCE((SELECT t.worked_hours FROM time_entry t WHERE t.id = proforma_line.time_entry_id), entered_units)"
    )
    op.execute(
        f"UPDATE proforma_line SET entered_amount = {worth.format(units='entered_units')}, "  # noqa: S608 -- fixed texts
        f"worked_amount = {worth.format(units=worked)} WHERE split_from_id IS NULL"
    )


def _create_print_batch() -> None:
    op.create_table(
        "print_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grouping", vocabulary(), nullable=False),
        sa.Column("label", sa.String(160), nullable=False),
        sa.Column("invoice_count", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_print_batch"),
        sa.ForeignKeyConstraint(["made_by_id"], ["app_user.id"], name="fk_print_batch_made_by_id"),
        **ON_MYSQL,
    )


def _create_mailing() -> None:
    op.create_table(
        "mailing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("invoice_revision_id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("channel", vocabulary(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("queued_by_id", sa.Integer(), nullable=False),
        sa.Column("queued_at", instant(), nullable=False),
        sa.Column("addresses", sa.String(500), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("intent_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("object_key", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("print_batch_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", instant(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("error_code", sa.String(60), nullable=False),
        sa.Column("error_message", sa.String(1000), nullable=False),
        sa.Column("correlation_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mailing"),
        sa.UniqueConstraint("invoice_revision_id", name="uq_mailing_invoice_revision_id"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_mailing_invoice_id"),
        sa.ForeignKeyConstraint(
            ["invoice_revision_id"], ["invoice_revision.id"], name="fk_mailing_invoice_revision_id"
        ),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_mailing_carrier_id"),
        sa.ForeignKeyConstraint(["queued_by_id"], ["app_user.id"], name="fk_mailing_queued_by_id"),
        sa.ForeignKeyConstraint(["print_batch_id"], ["print_batch.id"], name="fk_mailing_print_batch_id"),
        sa.ForeignKeyConstraint(["sent_by_id"], ["app_user.id"], name="fk_mailing_sent_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_mailing_due", "mailing", ["channel", "status", "due_at_ms"])
    op.create_index("ix_mailing_invoice", "mailing", ["invoice_id", "status"])
    op.create_index("ix_mailing_carrier_id", "mailing", ["carrier_id"])
    op.create_index("ix_mailing_print_batch_id", "mailing", ["print_batch_id"])


def _create_letter_text() -> None:
    op.create_table(
        "letter_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letter_text"),
        sa.UniqueConstraint("name", "number", name="uq_letter_text_name_number"),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name="fk_letter_text_author_id"),
        **ON_MYSQL,
    )


def _create_saved_report() -> None:
    op.create_table(
        "saved_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("report", sa.String(40), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("removed_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_saved_report"),
        sa.UniqueConstraint("owner_id", "name", name="uq_saved_report_owner_id_name"),
        sa.ForeignKeyConstraint(["owner_id"], ["app_user.id"], name="fk_saved_report_owner_id"),
        **ON_MYSQL,
    )


def _create_report_schedule() -> None:
    op.create_table(
        "report_schedule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("saved_report_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cadence", vocabulary(), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_report_schedule"),
        sa.UniqueConstraint("token", name="uq_report_schedule_token"),
        sa.ForeignKeyConstraint(["saved_report_id"], ["saved_report.id"], name="fk_report_schedule_saved_report_id"),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name="fk_report_schedule_user_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_report_schedule_running", "report_schedule", ["ended_at", "cadence"])
    op.create_index("ix_report_schedule_saved_report_id", "report_schedule", ["saved_report_id"])
    op.create_index("ix_report_schedule_user_id", "report_schedule", ["user_id"])


def _create_report_mail() -> None:
    op.create_table(
        "report_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_schedule_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(20), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("intent_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", instant(), nullable=True),
        sa.Column("message_id", sa.String(255), nullable=False),
        sa.Column("error_message", sa.String(1000), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_mail"),
        sa.UniqueConstraint("report_schedule_id", "slot", name="uq_report_mail_report_schedule_id_slot"),
        sa.ForeignKeyConstraint(
            ["report_schedule_id"], ["report_schedule.id"], name="fk_report_mail_report_schedule_id"
        ),
        **ON_MYSQL,
    )
    op.create_index("ix_report_mail_due", "report_mail", ["sent_at", "intent_at_ms", "due_at_ms"])
