"""The register of permissions to automate, dry runs and their steps."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables. Sites that name who allowed automation keep doing so; the register starts empty."""
    _create_site_permission()
    _create_dry_run()
    _create_dry_run_step()


def downgrade() -> None:
    """Drop them with what they hold; pictures stay in the object store."""
    for table in ("dry_run_step", "dry_run", "site_permission"):
        op.drop_table(table)


def _create_site_permission() -> None:
    op.create_table(
        "site_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("basis", vocabulary(), nullable=False),
        sa.Column("named", sa.String(120), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(255), nullable=False),
        sa.Column("conditions", sa.String(500), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", instant(), nullable=False),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", instant(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_permission"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_site_permission_site_id"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["app_user.id"], name="fk_site_permission_recorded_by_id"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["app_user.id"], name="fk_site_permission_withdrawn_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_site_permission_site_id", "site_permission", ["site_id"])


def _create_dry_run() -> None:
    op.create_table(
        "dry_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("site_account_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", instant(), nullable=False),
        sa.Column("started_at", instant(), nullable=True),
        sa.Column("ended_at", instant(), nullable=True),
        sa.Column("ended_as", vocabulary(), nullable=True),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.Column("correlation_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dry_run"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_dry_run_carrier_id"),
        sa.ForeignKeyConstraint(["site_account_id"], ["site_account.id"], name="fk_dry_run_site_account_id"),
        sa.ForeignKeyConstraint(["requested_by_id"], ["app_user.id"], name="fk_dry_run_requested_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_dry_run_carrier_id", "dry_run", ["carrier_id"])
    op.create_index("ix_dry_run_ended_at", "dry_run", ["ended_at"])


def _create_dry_run_step() -> None:
    op.create_table(
        "dry_run_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dry_run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("list_name", sa.String(20), nullable=False),
        sa.Column("list_position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("result", vocabulary(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("picture_key", sa.String(255), nullable=False),
        sa.Column("picture_sha256", sa.String(64), nullable=False),
        sa.Column("page_key", sa.String(255), nullable=False),
        sa.Column("page_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dry_run_step"),
        sa.ForeignKeyConstraint(["dry_run_id"], ["dry_run.id"], name="fk_dry_run_step_dry_run_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_dry_run_step_dry_run_id", "dry_run_step", ["dry_run_id"])
