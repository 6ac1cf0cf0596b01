"""What a permission allows: a machine at all, or the fast lane."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import vocabulary

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; every entry so far allows automation."""
    with op.batch_alter_table("site_permission") as batch:
        batch.add_column(sa.Column("purpose", vocabulary(), nullable=False, server_default="automation"))
    with op.batch_alter_table("site_permission") as batch:
        batch.alter_column("purpose", existing_type=vocabulary(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Forget consents to the fast lane, which would pass for permissions to automate; sites keep who consented."""
    op.execute("DELETE FROM site_permission WHERE purpose <> 'automation'")
    with op.batch_alter_table("site_permission") as batch:
        batch.drop_column("purpose")
