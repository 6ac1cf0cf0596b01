"""Who works on a rejection, and an index by which what carriers answered lately is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; nobody in particular works on what is there."""
    with op.batch_alter_table("invoice") as batch:
        batch.add_column(sa.Column("rejection_owner_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_invoice_rejection_owner_id", "app_user", ["rejection_owner_id"], ["id"])
    op.create_index("ix_invoice_answered", "invoice", ["decided_at", "carrier_id", "decision_status"])


def downgrade() -> None:
    """Take both away; what was handed on is forgotten, the audit trail keeps it."""
    op.drop_index("ix_invoice_answered", table_name="invoice")
    with op.batch_alter_table("invoice") as batch:
        batch.drop_constraint("fk_invoice_rejection_owner_id", type_="foreignkey")
        batch.drop_column("rejection_owner_id")
