"""Who at a carrier allowed plain HTTP within a signed-in session."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has allowed it yet."""
    with op.batch_alter_table("site") as batch:
        batch.add_column(sa.Column("form_lane_allowed_by", sa.String(255), nullable=False, server_default=""))
    with op.batch_alter_table("site") as batch:
        batch.alter_column(
            "form_lane_allowed_by", existing_type=sa.String(255), existing_nullable=False, server_default=None
        )


def downgrade() -> None:
    """Forget who did."""
    with op.batch_alter_table("site") as batch:
        batch.drop_column("form_lane_allowed_by")
