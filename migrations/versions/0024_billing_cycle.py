"""How often a matter is billed, holds with the day on which they end, and the calendar of the billing cycle."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, vocabulary

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_OF_MATTER = ("version", "billing_frequency", "billing_hold_until", "billing_hold_reason", "billing_held_from")


def upgrade() -> None:
    """Add them; every matter is billed monthly and nothing is held until a day."""
    with op.batch_alter_table("matter") as batch:
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("billing_frequency", vocabulary(), nullable=False, server_default="monthly"))
        batch.add_column(sa.Column("billing_hold_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("billing_hold_reason", sa.String(500), nullable=False, server_default=""))
        batch.add_column(sa.Column("billing_held_from", sa.Date(), nullable=True))
        batch.create_index("ix_matter_billing_hold_until", ["billing_hold_until"])
    with op.batch_alter_table("proforma") as batch:
        batch.add_column(sa.Column("held_until", sa.Date(), nullable=True))
        batch.add_column(sa.Column("hold_reason", sa.String(500), nullable=False, server_default=""))
        batch.add_column(sa.Column("held_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key("fk_proforma_held_by_id", "app_user", ["held_by_id"], ["id"])
        batch.create_index("ix_proforma_held_until", ["held_until"])
    with op.batch_alter_table("proforma_line") as batch:
        batch.add_column(sa.Column("held_until", sa.Date(), nullable=True))
    for table in ("time_entry", "expense"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("held_until", sa.Date(), nullable=True))
            batch.add_column(sa.Column("hold_reason", sa.String(500), nullable=False, server_default=""))
    _create_billing_period()


def downgrade() -> None:
    """Drop them; a hold that had a day has none any more."""
    op.drop_table("billing_period")
    for table in ("expense", "time_entry"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("hold_reason")
            batch.drop_column("held_until")
    with op.batch_alter_table("proforma_line") as batch:
        batch.drop_column("held_until")
    with op.batch_alter_table("proforma") as batch:
        batch.drop_index("ix_proforma_held_until")
        batch.drop_constraint("fk_proforma_held_by_id", type_="foreignkey")
        for column in ("held_by_id", "hold_reason", "held_until"):
            batch.drop_column(column)
    with op.batch_alter_table("matter") as batch:
        batch.drop_index("ix_matter_billing_hold_until")
        for column in reversed(_OF_MATTER):
            batch.drop_column(column)


def _create_billing_period() -> None:
    op.create_table(
        "billing_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cut_off_on", sa.Date(), nullable=False),
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("review_due_on", sa.Date(), nullable=False),
        sa.Column("send_by_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_billing_period"),
        sa.UniqueConstraint("starts_on", name="uq_billing_period_starts_on"),
        **ON_MYSQL,
    )
    op.create_index("ix_billing_period_cut_off_on", "billing_period", ["cut_off_on"])
