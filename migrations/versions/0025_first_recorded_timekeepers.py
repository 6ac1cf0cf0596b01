"""Under whom time was first recorded, where another timekeeper has attested it as theirs since."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_KEY = "fk_time_entry_recorded_timekeeper_id"


def upgrade() -> None:
    """Add it; no time has another timekeeper than the one first recorded."""
    with op.batch_alter_table("time_entry") as batch:
        batch.add_column(sa.Column("recorded_timekeeper_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(_KEY, "timekeeper", ["recorded_timekeeper_id"], ["id"])


def downgrade() -> None:
    """Drop it; the steps of editing still tell who gave what to whom."""
    with op.batch_alter_table("time_entry") as batch:
        batch.drop_constraint(_KEY, type_="foreignkey")
        batch.drop_column("recorded_timekeeper_id")
