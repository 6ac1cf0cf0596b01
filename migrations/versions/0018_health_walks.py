"""Nightly health walks: whether a site wants them, robot users, and what each page looked like."""

import sqlalchemy as sa
from alembic import op

from migrations.columns import ON_MYSQL, instant, vocabulary

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and the two marks; no site is walked through yet, no log-in is a robot user."""
    op.add_column("site", sa.Column("is_walked", sa.Boolean(), nullable=False, server_default="0"))
    op.add_column("site_account", sa.Column("is_robot", sa.Boolean(), nullable=False, server_default="0"))
    _create_health_walk()
    _create_page_view()
    _create_page_base()
    _create_page_drift()


def downgrade() -> None:
    """Drop them with what they hold; pictures stay in the object store."""
    for table in ("page_drift", "page_base", "page_view", "health_walk"):
        op.drop_table(table)
    with op.batch_alter_table("site_account") as batch:
        batch.drop_column("is_robot")
    with op.batch_alter_table("site") as batch:
        batch.drop_column("is_walked")


def _create_health_walk() -> None:
    op.create_table(
        "health_walk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("site_account_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("night", sa.Date(), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", instant(), nullable=False),
        sa.Column("due_at", instant(), nullable=False),
        sa.Column("started_at", instant(), nullable=True),
        sa.Column("ended_at", instant(), nullable=True),
        sa.Column("ended_as", vocabulary(), nullable=True),
        sa.Column("message", sa.String(1000), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.Column("stopped", sa.JSON(), nullable=False),
        sa.Column("correlation_id", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_health_walk"),
        sa.UniqueConstraint("carrier_id", "night", name="uq_health_walk_carrier_id_night"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_health_walk_carrier_id"),
        sa.ForeignKeyConstraint(["site_account_id"], ["site_account.id"], name="fk_health_walk_site_account_id"),
        sa.ForeignKeyConstraint(["version_id"], ["carrier_profile_version.id"], name="fk_health_walk_version_id"),
        sa.ForeignKeyConstraint(["requested_by_id"], ["app_user.id"], name="fk_health_walk_requested_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_health_walk_waiting", "health_walk", ["ended_at", "started_at", "due_at"])


def _create_page_view() -> None:
    op.create_table(
        "page_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("health_walk_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page_key", sa.String(80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("picture_key", sa.String(255), nullable=False),
        sa.Column("picture_sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_page_view"),
        sa.ForeignKeyConstraint(["health_walk_id"], ["health_walk.id"], name="fk_page_view_health_walk_id"),
        sa.ForeignKeyConstraint(["version_id"], ["carrier_profile_version.id"], name="fk_page_view_version_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_page_view_health_walk_id", "page_view", ["health_walk_id"])
    op.create_index("ix_page_view_page", "page_view", ["version_id", "page_key"])


def _create_page_base() -> None:
    op.create_table(
        "page_base",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page_key", sa.String(80), nullable=False),
        sa.Column("page_view_id", sa.Integer(), nullable=False),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_page_base"),
        sa.UniqueConstraint("version_id", "page_key", name="uq_page_base_version_id_page_key"),
        sa.ForeignKeyConstraint(["version_id"], ["carrier_profile_version.id"], name="fk_page_base_version_id"),
        sa.ForeignKeyConstraint(["page_view_id"], ["page_view.id"], name="fk_page_base_page_view_id"),
        sa.ForeignKeyConstraint(["accepted_by_id"], ["app_user.id"], name="fk_page_base_accepted_by_id"),
        **ON_MYSQL,
    )


def _create_page_drift() -> None:
    op.create_table(
        "page_drift",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("carrier_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page_key", sa.String(80), nullable=False),
        sa.Column("base_view_id", sa.Integer(), nullable=True),
        sa.Column("page_view_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("is_breaking", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("seen_at", instant(), nullable=False),
        sa.Column("last_seen_at", instant(), nullable=False),
        sa.Column("settled_at", instant(), nullable=True),
        sa.Column("settled_as", vocabulary(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_page_drift"),
        sa.ForeignKeyConstraint(["carrier_id"], ["carrier.id"], name="fk_page_drift_carrier_id"),
        sa.ForeignKeyConstraint(["version_id"], ["carrier_profile_version.id"], name="fk_page_drift_version_id"),
        sa.ForeignKeyConstraint(["base_view_id"], ["page_view.id"], name="fk_page_drift_base_view_id"),
        sa.ForeignKeyConstraint(["page_view_id"], ["page_view.id"], name="fk_page_drift_page_view_id"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["app_user.id"], name="fk_page_drift_settled_by_id"),
        **ON_MYSQL,
    )
    op.create_index("ix_page_drift_open", "page_drift", ["carrier_id", "settled_at"])
