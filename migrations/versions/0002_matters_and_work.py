"""Matters, who pays for them, rates, and work in progress."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled
from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables, parents first."""
    _create_matter()
    _create_matter_payor()
    _create_rate()
    _create_time_entry()
    _create_expense()


def downgrade() -> None:
    """Drop the tables and what is in them, children first."""
    for table in ("expense", "time_entry", "rate", "matter_payor", "matter"):
        op.drop_table(table)


def _create_matter() -> None:
    op.create_table(
        "matter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("responsible_attorney_id", sa.Integer(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_matter"),
        sa.ForeignKeyConstraint(["responsible_attorney_id"], ["app_user.id"], name="fk_matter_responsible_attorney_id"),
        sa.UniqueConstraint("number", name="uq_matter_number"),
        **ON_MYSQL,
    )
    op.create_index("ix_matter_responsible_attorney_id", "matter", ["responsible_attorney_id"])


def _create_matter_payor() -> None:
    op.create_table(
        "matter_payor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("claim_number", sa.String(20), nullable=False),
        sa.Column("fee_percent", Scaled(7, 4), nullable=False),
        sa.Column("expense_percent", Scaled(7, 4), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_matter_payor"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_matter_payor_matter_id"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_matter_payor_carrier_id"),
        sa.UniqueConstraint(
            "matter_id", "carrier_id", "effective_from", name="uq_matter_payor_matter_id_carrier_id_effective_from"
        ),
        **ON_MYSQL,
    )
    op.create_index("ix_matter_payor_carrier_id", "matter_payor", ["carrier_id"])
    op.create_index("ix_matter_payor_matter_id", "matter_payor", ["matter_id"])


def _create_rate() -> None:
    op.create_table(
        "rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=True),
        sa.Column("timekeeper_id", sa.Integer(), nullable=True),
        sa.Column("classification", sa.String(10), nullable=True),
        sa.Column("hourly_amount", Scaled(14, 4), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rate"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_rate_carrier_id"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_rate_timekeeper_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_rate_lookup", "rate", ["carrier_id", "timekeeper_id", "classification", "effective_from"])


def _create_time_entry() -> None:
    op.create_table(
        "time_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("timekeeper_id", sa.Integer(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("worked_hours", Scaled(12, 4), nullable=False),
        sa.Column("worked_narrative", sa.Text(), nullable=False),
        sa.Column("entered_hours", Scaled(12, 4), nullable=False),
        sa.Column("entered_narrative", sa.Text(), nullable=False),
        sa.Column("task_code", sa.String(20), nullable=False),
        sa.Column("activity_code", sa.String(20), nullable=False),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_time_entry"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_time_entry_matter_id"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_time_entry_timekeeper_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_time_entry_billable", "time_entry", ["status", "worked_on", "matter_id"])
    op.create_index("ix_time_entry_matter_id", "time_entry", ["matter_id"])
    op.create_index("ix_time_entry_timekeeper_id", "time_entry", ["timekeeper_id"])


def _create_expense() -> None:
    op.create_table(
        "expense",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("timekeeper_id", sa.Integer(), nullable=True),
        sa.Column("incurred_on", sa.Date(), nullable=False),
        sa.Column("units", Scaled(12, 4), nullable=False),
        sa.Column("unit_cost", Scaled(14, 4), nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("expense_code", sa.String(20), nullable=False),
        sa.Column("status", vocabulary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_expense"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_expense_matter_id"),
        sa.ForeignKeyConstraint(["timekeeper_id"], ["timekeeper.id"], name="fk_expense_timekeeper_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_expense_billable", "expense", ["status", "incurred_on", "matter_id"])
    op.create_index("ix_expense_matter_id", "expense", ["matter_id"])
