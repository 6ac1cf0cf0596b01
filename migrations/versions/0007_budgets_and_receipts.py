"""Budgets of matters, receipts of expenses, and the day on which a carrier was told of a rate."""

import sqlalchemy as sa
from alembic import op

from core.scaled import Scaled
from migrations.columns import ON_MYSQL, instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the two tables and add the day to the rates, where nobody is known to have been told."""
    _create_matter_budget()
    _create_expense_receipt()
    op.add_column("rate", sa.Column("notified_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take them away; what they hold is gone. The receipts' files stay in the store."""
    with op.batch_alter_table("rate") as batch:
        batch.drop_column("notified_on")
    op.drop_table("expense_receipt")
    op.drop_table("matter_budget")


def _create_matter_budget() -> None:
    op.create_table(
        "matter_budget",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("amount", Scaled(14, 2), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("work_from", sa.Date(), nullable=True),
        sa.Column("work_to", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_matter_budget"),
        sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name="fk_matter_budget_matter_id"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_matter_budget_carrier_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["app_user.id"], name="fk_matter_budget_created_by_id"),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["app_user.id"], name="fk_matter_budget_revoked_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_matter_budget_matter_id", "matter_budget", ["matter_id", "carrier_id", "revoked_at"])


def _create_expense_receipt() -> None:
    op.create_table(
        "expense_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expense_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("object_key", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", instant(), nullable=False),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_expense_receipt"),
        sa.ForeignKeyConstraint(["expense_id"], ["expense.id"], name="fk_expense_receipt_expense_id"),
        sa.ForeignKeyConstraint(["added_by_id"], ["app_user.id"], name="fk_expense_receipt_added_by_id"),
        sa.ForeignKeyConstraint(["removed_by_id"], ["app_user.id"], name="fk_expense_receipt_removed_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_expense_receipt_expense_id", "expense_receipt", ["expense_id"])
