"""The browser on a Selenium Grid that works for an account."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no account has such a browser yet."""
    with op.batch_alter_table("site_account") as batch:
        batch.add_column(sa.Column("grid_session", sa.String(120), nullable=False, server_default=""))
    with op.batch_alter_table("site_account") as batch:
        batch.alter_column("grid_session", existing_type=sa.String(120), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Forget them; the Grid ends browsers that stand idle by itself."""
    with op.batch_alter_table("site_account") as batch:
        batch.drop_column("grid_session")
